<?php
/**
 * Says at once that an order has changed. Doorstep then reads the order itself: a hint carries nothing of the
 * customer, and one that is lost costs a minute, until the shop's webhook or Doorstep's own look comes.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/** A bulk change of more orders than this is left to the webhooks. */
const MOST_HINTS = 20;
/** Seconds that all of them together may cost a request. */
const HINT_SECONDS = 3;

add_action( 'woocommerce_order_status_changed', __NAMESPACE__ . '\\note_status', 10, 3 );
add_action( 'woocommerce_order_refunded', __NAMESPACE__ . '\\note_refund' );
add_action( 'woocommerce_fulfillment_after_fulfill', __NAMESPACE__ . '\\note_fulfillment' );
add_action( 'shutdown', __NAMESPACE__ . '\\send_hints', 20 );

/** What this request has to say so far: order id => hint. */
function &hints() {
	static $hints = array();
	return $hints;
}

/** Several changes of one order are one hint: where it came from first, what was last, where it is now. */
function note_hint( $event, $order_id, $from = '', $to = '' ) {
	$hints                = &hints();
	$order                = (string) absint( $order_id );
	$before               = isset( $hints[ $order ] ) ? $hints[ $order ] : array(
		'from' => $from,
		'to'   => '',
	);
	$hints[ $order ] = array(
		'event' => $event,
		'order' => $order,
		'from'  => $before['from'] ?: $from,
		'to'    => $to ?: $before['to'],
	);
}

/** A basket that is being filled is no order yet. */
function note_status( $order_id, $from, $to ) {
	if ( 'checkout-draft' !== $to ) {
		note_hint( 'status', $order_id, $from, $to );
	}
}

function note_refund( $order_id ) {
	note_hint( 'refund', $order_id );
}

/** WooCommerce gives the fulfilment; what it belongs to may be something else than an order one day. */
function note_fulfillment( $fulfillment ) {
	if ( is_callable( array( $fulfillment, 'get_entity_id' ) ) && 'WC_Order' === ltrim( (string) $fulfillment->get_entity_type(), '\\' ) ) {
		note_hint( 'fulfillment', $fulfillment->get_entity_id() );
	}
}

/** When the page is made: whoever waits for it gets it first, where the server can do that. */
function send_hints() {
	$hints  = &hints();
	$leave  = array_slice( $hints, 0, MOST_HINTS );
	$hints  = array();
	if ( ! $leave || ! is_connected() ) {
		return;
	}
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
	}
	$until = microtime( true ) + HINT_SECONDS;
	foreach ( $leave as $hint ) {
		if ( microtime( true ) < $until ) {
			tell( 'hint', $hint, false );
		}
	}
}
