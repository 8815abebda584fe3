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
);
/** Seconds. Doorstep speaks every ten minutes: three times missed is away. */
const FRESH_FOR = 1800;
/** Seconds by which a clock may be set back while we look. */
const CLOCK_SLIP = 60;

foreach ( REPLACED_MAILS as $doorstep_mail ) {
	add_filter(
		'woocommerce_email_enabled_' . $doorstep_mail,
		static function ( $enabled, $order = null ) use ( $doorstep_mail ) {
			return is_replaced( $doorstep_mail, $order ) ? false : $enabled;
		},
		20,
		2
	);
}
unset( $doorstep_mail );

/** Doorstep writes about orders since it was connected; older ones stay with the shop, and so does whatever holds downloads: their links are in the shop's own mails only. */
function is_replaced( $mail, $order ) {
	if ( ! in_array( $mail, replaced_now(), true ) ) {
		return false;
	}
	if ( $order instanceof \WC_Order && $order->has_downloadable_item() ) {
		return false;
	}
	$created = $order instanceof \WC_Order ? $order->get_date_created() : null;
	return ! $created || $created->getTimestamp() >= state()['since'];
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
