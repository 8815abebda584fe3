<?php
/**
 * A mail that was held back for one of Doorstep's which then did not leave: Doorstep asks for it, and the shop
 * sends it after all, once.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/** Seconds that a request waits for another one that is about the same order. */
const LOCK_SECONDS = 5;
/** Of these nobody wants to hear any more that they are on their way. */
const NOT_SO = array( 'pending', 'on-hold', 'cancelled', 'failed', 'refunded', 'trash', 'checkout-draft', 'auto-draft' );
/** Of these nobody wants to hear anything. */
const GONE = array( 'trash', 'checkout-draft', 'auto-draft' );

add_action( 'rest_api_init', __NAMESPACE__ . '\\register_release_route' );

function register_release_route() {
	register_rest_route(
		'wc-doorstep/v1',
		'/mails',
		array(
			'methods'             => 'POST',
			'callback'            => __NAMESPACE__ . '\\take_release',
			'permission_callback' => __NAMESPACE__ . '\\may_tell_settings',
			'args'                => array(
				'order' => array(
					'required'          => true,
					'validate_callback' => __NAMESPACE__ . '\\check_order',
				),
				'mail'  => array(
					'required'          => true,
					'validate_callback' => __NAMESPACE__ . '\\check_mail',
				),
			),
		)
	);
}

function check_order( $value ) {
	return fits( '/\A[1-9][0-9]{0,18}\z/', $value );
}

function check_mail( $value ) {
	return in_array( $value, REPLACED_MAILS, true );
}

function take_release( \WP_REST_Request $request ) {
	$sent = release_mail( (int) $request->get_param( 'order' ), $request->get_param( 'mail' ) );
	if ( null === $sent ) {
		return new \WP_Error( 'doorstep_busy', __( 'Somebody else is at this order.', 'doorstep' ), array( 'status' => 503 ) );
	}
	return new \WP_REST_Response( array( 'sent' => $sent ) );
}

/**
 * It counts as sent before it is: a request that dies in between sends too little, and none sends it twice.
 *
 * @return bool|null Null: another request is at it.
 */
function release_mail( $id, $mail ) {
	global $wpdb;
	$lock = 'doorstep_' . md5( home_url() . ' ' . $id );
	if ( '0' === $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', $lock, LOCK_SECONDS ) ) ) {
		return null;
	}
	$order = wc_get_order( $id );
	$mine  = $order instanceof \WC_Order && isset( mails_noted( $order, HELD_META )[ $mail ] ) && note_mail( $order, $mail, WROTE_META );
	$wpdb->get_var( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', $lock ) );
	return $mine && is_still_so( $order, $mail ) && send_mail( $order, $mail );
}

/** Money that went back has gone back whatever became of the order; a cancellation may be taken back. */
function is_still_so( \WC_Order $order, $mail ) {
	if ( 'customer_cancelled_order' === $mail ) {
		return $order->has_status( 'cancelled' );
	}
	return ! $order->has_status( in_array( $mail, LOSS_MAILS, true ) ? GONE : NOT_SO );
}

/** By hand, so to speak: what is asked for in this way is never held back. */
function send_mail( \WC_Order $order, $mail ) {
	$part = 'customer_partially_refunded_order' === $mail;
	foreach ( WC()->mailer()->get_emails() as $email ) {
		// One mail tells of the whole and of a part; it takes the other name when it is sent.
		if ( ! isset( $email->id ) || ( $part ? 'customer_refunded_order' : $mail ) !== $email->id ) {
			continue;
		}
		if ( $part || 'customer_refunded_order' === $mail ) {
			$refunds = $order->get_refunds();
			$email->trigger( $order->get_id(), $part, $refunds ? $refunds[0]->get_id() : null );
			return true;
		}
		if ( 0 !== strpos( $mail, 'customer_fulfillment_' ) ) {
			$email->trigger( $order->get_id(), $order );
			return true;
		}
		$parcel = newest_fulfillment( $order );
		if ( $parcel ) {
			$email->trigger( $order->get_id(), $parcel, $order );
			return true;
		}
	}
	return false;
}

function newest_fulfillment( \WC_Order $order ) {
	try {
		$all = \WC_Data_Store::load( 'order-fulfillment' )->read_fulfillments( 'WC_Order', (string) $order->get_id() );
	} catch ( \Throwable $error ) {
		return null;
	}
	$newest = null;
	foreach ( is_array( $all ) ? $all : array() as $one ) {
		if ( $one->get_is_fulfilled() && ( ! $newest || $one->get_id() > $newest->get_id() ) ) {
			$newest = $one;
		}
	}
	return $newest;
}
