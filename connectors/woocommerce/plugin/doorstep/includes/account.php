<?php
/**
 * The tab "Track orders" in My Account, and a button "Track" beside each order there.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const ACCOUNT_TAB    = 'track-orders';
const ACCOUNT_ORDERS = 10;

add_filter( 'woocommerce_get_query_vars', __NAMESPACE__ . '\\know_account_tab' );
add_filter( 'woocommerce_account_menu_items', __NAMESPACE__ . '\\add_account_tab' );
add_filter( 'woocommerce_endpoint_' . ACCOUNT_TAB . '_title', __NAMESPACE__ . '\\account_title' );
add_action( 'woocommerce_account_' . ACCOUNT_TAB . '_endpoint', __NAMESPACE__ . '\\print_account_tab' );
add_filter( 'woocommerce_my_account_my_orders_actions', __NAMESPACE__ . '\\add_track_button', 10, 2 );

function add_account_rule() {
	add_rewrite_endpoint( ACCOUNT_TAB, EP_ROOT | EP_PAGES );
}

/** WooCommerce has to know it too: for the title, and to mark the tab that is open. */
function know_account_tab( $names ) {
	$names[ ACCOUNT_TAB ] = ACCOUNT_TAB;
	return $names;
}

function account_title() {
	return __( 'Track orders', 'doorstep' );
}

/** Behind the orders. */
function add_account_tab( $items ) {
	if ( ! is_connected() ) {
		return $items;
	}
	$place = array_search( 'orders', array_keys( $items ), true );
	$place = false === $place ? count( $items ) : $place + 1;
	return array_slice( $items, 0, $place, true ) + array( ACCOUNT_TAB => account_title() ) + array_slice( $items, $place, null, true );
}

function print_account_tab() {
	if ( ! is_connected() || ! is_user_logged_in() ) {
		return;
	}
	$doorstep_orders = wc_get_orders(
		array(
			'customer_id' => get_current_user_id(),
			'type'        => 'shop_order',
			'limit'       => ACCOUNT_ORDERS,
			'orderby'     => 'date',
			'order'       => 'DESC',
		)
	);
	$doorstep_orders = array_filter( $doorstep_orders, __NAMESPACE__ . '\\order_link' );
	include dirname( FILE ) . '/templates/account-orders.php';
}

/**
 * Not on the pages of one order: WooCommerce shows these actions there too, and the link stands below already.
 *
 * @param array[]   $actions What WooCommerce shows beside an order.
 * @param \WC_Order $order   That order.
 */
function add_track_button( $actions, $order ) {
	$link = order_link( $order );
	if ( '' === $link || is_view_order_page() || is_order_received_page() || ! may_see( $order ) ) {
		return $actions;
	}
	$actions['doorstep-track'] = array(
		'url'        => $link,
		'name'       => __( 'Track', 'doorstep' ),
		/* translators: %s: order number */
		'aria-label' => sprintf( __( 'Track order number %s', 'doorstep' ), $order->get_order_number() ),
	);
	return $actions;
}
