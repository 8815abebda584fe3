<?php
/**
 * What became of the shop's own mails, noted on the order that they are about, so that Doorstep reads it with
 * the order: which were held back, and which were sent. Times are Doorstep's.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const HELD_META  = '_doorstep_held';
const WROTE_META = '_doorstep_wrote';
/** Those that say what a mail of Doorstep may say, also under the names that other plugins give them. */
const NOTED_MAILS = '/\Acustomer_(?:processing|completed|shipped|partial_shipped|fulfillment_created|refunded|partially_refunded|cancelled)(?:_[a-z_]+)?\z/';

add_action( 'woocommerce_email_sent', __NAMESPACE__ . '\\note_sent', 10, 3 );

/** Sent, or tried: nobody tries it again. Also while no Doorstep is connected: it may be in a minute. */
function note_sent( $sent, $mail, $email = null ) {
	$order = is_object( $email ) && isset( $email->object ) ? $email->object : null;
	if ( $order instanceof \WC_Order && is_string( $mail ) && preg_match( NOTED_MAILS, $mail ) ) {
		note_mail( $order, $mail, WROTE_META );
	}
}

/**
 * @param string $where HELD_META or WROTE_META; what was sent is not held back any more.
 * @return bool Whether it is on the order now.
 */
function note_mail( \WC_Order $order, $mail, $where ) {
	try {
		// Of our own: what others have changed and not saved yet is theirs to save.
		$kept = wc_get_order( $order->get_id() );
		if ( ! $kept instanceof \WC_Order ) {
			return false;
		}
		$held = mails_noted( $kept, HELD_META );
		if ( WROTE_META === $where && isset( $held[ $mail ] ) ) {
			unset( $held[ $mail ] );
			put_mails( $kept, HELD_META, $held );
		}
		put_mails( $kept, $where, array( $mail => their_time() ) + mails_noted( $kept, $where ) );
		// No status changes by this, so that no mail comes of it.
		$kept->save_meta_data();
		return true;
	} catch ( \Throwable $error ) {
		return false;
	}
}

/** By the mail's id, when. */
function mails_noted( \WC_Order $order, $where ) {
	$noted = $order->get_meta( $where );
	return is_array( $noted ) ? $noted : array();
}

function put_mails( \WC_Order $order, $where, array $mails ) {
	if ( $mails ) {
		$order->update_meta_data( $where, $mails );
	} else {
		$order->delete_meta_data( $where );
	}
}
