<?php
/**
 * The shop's own mails that Doorstep sends in its place. One of them is held back only while we are sure that
 * Doorstep is there and sends it; in any doubt the shop's mail goes out as ever.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/** What Doorstep may ask to hold back at all. Invoices, notes, accounts and passwords are none of them. */
const REPLACED_MAILS = array(
	'customer_processing_order',
	'customer_completed_order',
	'customer_fulfillment_created',
	'customer_fulfillment_updated',
	'customer_fulfillment_deleted',
	'customer_refunded_order',
	'customer_partially_refunded_order',
	'customer_cancelled_order',
);
/** What was called off or given back: told of every order, whether a parcel leaves for it or not. */
const LOSS_MAILS = array( 'customer_refunded_order', 'customer_partially_refunded_order', 'customer_cancelled_order' );
/** They follow the mail of a parcel: whoever sent that sends these. */
const FOLLOWING_MAILS = array( 'customer_fulfillment_updated', 'customer_fulfillment_deleted' );
/** Seconds. Doorstep speaks every ten minutes: three times missed is away. */
const FRESH_FOR = 1800;
/** Seconds by which a clock may be set back while we look. */
const CLOCK_SLIP = 60;

foreach ( REPLACED_MAILS as $doorstep_mail ) {
	add_filter(
		'woocommerce_email_enabled_' . $doorstep_mail,
		static function ( $enabled, $order = null ) use ( $doorstep_mail ) {
			return $enabled && is_announced() && hold_back( $doorstep_mail, $order ) ? false : $enabled;
		},
		20,
		2
	);
}
unset( $doorstep_mail );

/** Whether WooCommerce is telling the customer of something that happened. Who asks for a mail by hand gets it; a screen only looks. */
function is_announced() {
	foreach ( (array) ( $GLOBALS['wp_current_filter'] ?? array() ) as $hook ) {
		if ( '_notification' === substr( (string) $hook, -13 ) ) {
			return true;
		}
	}
	return false;
}

/** Only what is on the order is held back: Doorstep goes by that, and asks for it if its own mail does not leave. */
function hold_back( $mail, $order ) {
	if ( ! $order instanceof \WC_Order || ! is_replaced( $mail, $order ) ) {
		return false;
	}
	return in_array( $mail, FOLLOWING_MAILS, true ) || note_mail( $order, $mail, HELD_META );
}

/**
 * Doorstep writes about orders since it was connected. What holds downloads stays with the shop: their links
 * are in its own mails only. So do sales at a till, and that an order is complete where no parcel leaves.
 */
function is_replaced( $mail, \WC_Order $order ) {
	if ( ! in_array( $mail, replaced_now(), true ) || $order->has_downloadable_item() ) {
		return false;
	}
	$created = $order->get_date_created();
	if ( ! $created || $created->getTimestamp() < state()['since'] || 0 === strpos( (string) $order->get_created_via(), 'pos' ) ) {
		return false;
	}
	if ( in_array( $mail, FOLLOWING_MAILS, true ) ) {
		return ! isset( mails_noted( $order, WROTE_META )['customer_fulfillment_created'] );
	}
	return 'customer_processing_order' === $mail || in_array( $mail, LOSS_MAILS, true ) || ships( $order );
}

/** The mails that are held back at this moment. */
function replaced_now() {
	if ( ! is_connected() || ! is_fresh() ) {
		return array();
	}
	return array_values( array_intersect( REPLACED_MAILS, state()['mails_off'] ) );
}

function is_fresh() {
	$silence = silence();
	return null !== $silence && $silence >= -CLOCK_SLIP && $silence <= FRESH_FOR;
}
