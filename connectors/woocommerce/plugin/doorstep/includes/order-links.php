<?php
/**
 * "Track your order", where a customer looks at an order: after the purchase and in the order's details. The
 * link names the order and proves that the shop made it, so nobody finds other orders by counting.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

// Nothing is on its way any more, or nothing was ordered yet.
const OVER = array( 'cancelled', 'failed', 'refunded', 'trash', 'checkout-draft', 'auto-draft' );
const PICKED_UP = array( 'local_pickup', 'pickup_location' );

add_action( 'woocommerce_thankyou', __NAMESPACE__ . '\\link_after_purchase', 5 );
add_action( 'woocommerce_order_details_after_order_table', __NAMESPACE__ . '\\link_in_details' );

/** "" where there is nothing to follow. */
function order_link( $order ) {
	if ( ! is_connected() || ! $order instanceof \WC_Order || ! ships( $order ) ) {
		return '';
	}
	$id = (string) $order->get_id();
	return page_address( 'o/' . $id . '/' . order_proof( $id ) );
}

/** Whether a parcel comes. Without any way of shipping it shows in the products; one that is gone may have been one. */
function ships( \WC_Order $order ) {
	if ( $order->has_status( OVER ) ) {
		return false;
	}
	$ways = $order->get_shipping_methods();
	foreach ( $ways as $way ) {
		if ( ! in_array( explode( ':', (string) $way->get_method_id() )[0], PICKED_UP, true ) ) {
			return true;
		}
	}
	if ( $ways ) {
		return false;
	}
	foreach ( $order->get_items() as $item ) {
		$product = $item->get_product();
		if ( ! $product || $product->needs_shipping() ) {
			return true;
		}
	}
	return false;
}

function link_after_purchase( $order_id ) {
	print_order_link( wc_get_order( $order_id ) );
}

function link_in_details( $order ) {
	print_order_link( $order );
}

/** Once in a page: both places are on the one that follows a purchase. */
function print_order_link( $order ) {
	static $shown = array();
	$link = order_link( $order );
	if ( '' === $link || isset( $shown[ $order->get_id() ] ) || ! may_see( $order ) ) {
		return;
	}
	$shown[ $order->get_id() ] = true;
	wp_enqueue_style( 'doorstep' );
	echo '<p class="doorstep-order"><a class="button wp-element-button" href="' . esc_url( $link ) . '">' . esc_html__( 'Track your order', 'doorstep' ) . '</a></p>';
}

/** Its customer, or whoever came from the checkout: the page after the purchase carries the order's own key. */
function may_see( \WC_Order $order ) {
	if ( $order->get_customer_id() > 0 ) {
		return get_current_user_id() === (int) $order->get_customer_id();
	}
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- the key itself is what proves the visitor's right; nothing is changed.
	$key = isset( $_GET['key'] ) ? sanitize_text_field( wp_unslash( $_GET['key'] ) ) : '';
	return '' !== $key && hash_equals( (string) $order->get_order_key(), $key );
}
