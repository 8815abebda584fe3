<?php
/** The shop's own mails: held back only while it is sure that Doorstep sends them. */

require __DIR__ . '/runner.php';

const OURS = array( 'customer_processing_order', 'customer_completed_order', 'customer_fulfillment_created', 'customer_fulfillment_updated', 'customer_fulfillment_deleted', 'customer_refunded_order', 'customer_partially_refunded_order', 'customer_cancelled_order' );

test(
	'a mail is held back while its flow is on, and no other is',
	function () {
		foreach ( OURS as $off ) {
			connect( array( 'mails_off' => array( $off ) ) );
			foreach ( OURS as $id ) {
				same( $id !== $off, mail_goes_out( $id ), "$id while $off is replaced" );
			}
		}
	}
);

test(
	'what must never be held back is not, whatever is asked',
	function () {
		$never = array( 'customer_on_hold_order', 'customer_invoice', 'customer_note', 'customer_new_account', 'customer_reset_password', 'customer_failed_order', 'new_order', 'cancelled_order', 'failed_order' );
		connect( array( 'mails_off' => array_merge( $never, OURS ) ) );
		foreach ( $never as $id ) {
			yes( mail_goes_out( $id ), $id );
		}
		same( OURS, Doorstep\replaced_now() );
	}
);

test(
	'without a connection every mail goes out',
	function () {
		yes( mail_goes_out( 'customer_processing_order' ) );
		connect( array( 'mails_off' => OURS ) );
		no( mail_goes_out( 'customer_processing_order' ) );
		$half = get_option( 'doorstep_state' );
		update_option( 'doorstep_state', array( 'door' => '' ) + $half );
		yes( mail_goes_out( 'customer_processing_order' ), 'half a connection is none' );
		update_option( 'doorstep_state', $half );
		push_settings( array(), 1, 'DELETE' );
		yes( mail_goes_out( 'customer_processing_order' ) );
	}
);

test(
	'half an hour of silence, and the shop writes itself; a word, and it is held back again',
	function () {
		connect( array( 'mails_off' => OURS ) );
		foreach ( array( 0 => false, 1790 => false, 1802 => true, 86400 => true, -30 => false, -3600 => true ) as $later => $goes ) {
			clock_is_ahead( $later );
			same( $goes, mail_goes_out( 'customer_completed_order' ), "after $later seconds" );
		}
		connect( array( 'mails_off' => OURS ) );
		no( mail_goes_out( 'customer_completed_order' ) );
	}
);

test(
	'a clock that is hours wrong makes no difference',
	function () {
		clock_is_ahead( 9 * 3600 );
		connect( array( 'mails_off' => OURS ) );
		no( mail_goes_out( 'customer_processing_order' ) );
		clock_is_ahead( 9 * 3600 + 1802 );
		yes( mail_goes_out( 'customer_processing_order' ) );
	}
);

test(
	'orders of before the connection stay with the shop',
	function () {
		connect( array( 'mails_off' => OURS ) );
		$old = new_order( 1, array( 'created' => \time() - 60 ) );
		$new = new_order( 2, array( 'created' => \time() + 60, 'ways' => array( 'flat_rate:1' ) ) );
		$non = new_order( 3 );
		yes( mail_goes_out( 'customer_completed_order', $old ) );
		no( mail_goes_out( 'customer_completed_order', $new ) );
		yes( mail_goes_out( 'customer_processing_order', $non ), 'one without a date' );
	}
);

test(
	'links to downloads are in the shop\'s own mails',
	function () {
		connect( array( 'mails_off' => OURS ) );
		$order = new_order( 4, array( 'created' => \time() + 60, 'downloads' => true ) );
		foreach ( OURS as $id ) {
			yes( mail_goes_out( $id, $order ), $id );
		}
	}
);

test(
	'a mail that the merchant switched off stays off',
	function () {
		no( mail_goes_out( 'customer_processing_order', null, false ) );
		connect( array( 'mails_off' => OURS ) );
		no( mail_goes_out( 'customer_processing_order', null, false ) );
	}
);
