<?php
/** What became of the shop's own mails stands on the order; one that was held back can be had after all, once. */

require __DIR__ . '/runner.php';

const ALL = array( 'customer_processing_order', 'customer_completed_order', 'customer_fulfillment_created', 'customer_fulfillment_updated', 'customer_fulfillment_deleted', 'customer_refunded_order', 'customer_partially_refunded_order', 'customer_cancelled_order' );

/** As a status that was reached tells it: through the mailer, inside of the action of that name. */
function happens( $mail, $id, ...$more ) {
	$tell = static function () use ( $mail, $id, $more ) {
		foreach ( WC()->mailer()->get_emails() as $email ) {
			if ( $mail === $email->id ) {
				$email->trigger( $id, ...( $more ?: array( wc_get_order( $id ) ) ) );
			}
		}
	};
	add_action( 'test_notification', $tell );
	do_action( 'test_notification' );
	remove_action( 'test_notification', $tell );
}

/** An order that a parcel leaves for, placed after the connection. */
function placed( array $over = array() ) {
	return new_order( 7, $over + array( 'status' => 'processing', 'created' => \time() + 60, 'ways' => array( 'flat_rate:1' ) ) );
}

function held( $id = 7 ) {
	return array_keys( Doorstep\mails_noted( wc_get_order( $id ), '_doorstep_held' ) );
}

function wrote( $id = 7 ) {
	return array_keys( Doorstep\mails_noted( wc_get_order( $id ), '_doorstep_wrote' ) );
}

function sent() {
	return array_column( stored( 'sent' ), 1 );
}

/** What the app asks for, with the keys of user `$user`. */
function ask( $order, $mail, $user = 1 ) {
	wp_set_current_user( $user );
	$request = new WP_REST_Request( 'POST', '/wc-doorstep/v1/mails' );
	$request->set_header( 'content-type', 'application/json' );
	$request->set_body( json_encode( array( 'order' => $order, 'mail' => $mail ) ) );
	$answer = rest_do_request( $request );
	wp_set_current_user( 0 );
	return 200 === $answer->get_status() ? $answer->get_data()['sent'] : $answer->get_status();
}

test(
	'what is held back stands on the order, in the time of Doorstep',
	function () {
		connect( array( 'mails_off' => ALL, 'time' => \time() - 5000 ) );
		placed();
		happens( 'customer_processing_order', 7 );
		same( array(), sent() );
		$noted = Doorstep\mails_noted( wc_get_order( 7 ), '_doorstep_held' );
		same( array( 'customer_processing_order' ), array_keys( $noted ) );
		yes( abs( $noted['customer_processing_order'] - ( \time() - 5000 ) ) <= 2, 'their time' );
		same( array(), wrote() );
	}
);

test(
	'what the shop sent stands there too, also of other plugins and without a connection',
	function () {
		placed();
		happens( 'customer_processing_order', 7 );
		happens( 'customer_processing_renewal_order', 7 );
		happens( 'customer_note', 7 );
		happens( 'new_order', 7 );
		same( array( 'customer_processing_renewal_order', 'customer_processing_order' ), wrote() );
		same( array(), held() );
		same( 4, count( sent() ) );
	}
);

test(
	'a screen that looks holds nothing back and notes nothing',
	function () {
		connect( array( 'mails_off' => ALL ) );
		$order = placed();
		yes( apply_filters( 'woocommerce_email_enabled_customer_processing_order', true, $order, null ) );
		yes( apply_filters( 'woocommerce_email_enabled_customer_processing_order', true, false, null ) );
		same( array(), held() );
	}
);

test(
	'who asks for a mail by hand gets it',
	function () {
		connect( array( 'mails_off' => ALL ) );
		$order = placed();
		( new WC_Email( 'customer_processing_order' ) )->trigger( 7, $order );
		same( array( 'customer_processing_order' ), sent() );
		same( array( 'customer_processing_order' ), wrote() );
	}
);

test(
	'what cannot be noted is not held back',
	function () {
		connect( array( 'mails_off' => ALL ) );
		$gone = placed();
		store( 'orders', static fn() => array() );
		yes( mail_goes_out( 'customer_processing_order', $gone ) );
	}
);

test(
	'never held back: no order, downloads, tills, pickup, what does not ship',
	function () {
		connect( array( 'mails_off' => ALL ) );
		yes( mail_goes_out( 'customer_processing_order', false ) );
		yes( mail_goes_out( 'customer_processing_order', (object) array() ) );
		foreach ( array( array( 'downloads' => true ), array( 'created_via' => 'pos-rest-api' ), array( 'created' => \time() - 60 ) ) as $over ) {
			foreach ( ALL as $id ) {
				yes( mail_goes_out( $id, placed( $over ) ), $id . json_encode( $over ) );
			}
		}
		$pickup = placed( array( 'ways' => array( 'local_pickup:3' ) ) );
		no( mail_goes_out( 'customer_processing_order', $pickup ) );
		yes( mail_goes_out( 'customer_completed_order', $pickup ) );
		no( mail_goes_out( 'customer_refunded_order', $pickup ), 'that money went back is told of it too' );
		no( mail_goes_out( 'customer_cancelled_order', $pickup ) );
		yes( mail_goes_out( 'customer_completed_order', placed( array( 'ways' => array() ) ) ), 'only fees' );
		no( mail_goes_out( 'customer_completed_order', placed() ) );
	}
);

test(
	'what follows the mail of a parcel is the affair of whoever sent that',
	function () {
		connect( array( 'mails_off' => ALL ) );
		no( mail_goes_out( 'customer_fulfillment_updated', placed() ) );
		same( array(), held(), 'nobody asks for it later' );
		Doorstep\note_mail( wc_get_order( 7 ), 'customer_fulfillment_created', '_doorstep_wrote' );
		yes( mail_goes_out( 'customer_fulfillment_updated', wc_get_order( 7 ) ) );
		yes( mail_goes_out( 'customer_fulfillment_deleted', wc_get_order( 7 ) ) );
	}
);

test(
	'what was held back is sent when it is asked for, and once',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		happens( 'customer_processing_order', 7 );
		yes( ask( '7', 'customer_processing_order' ) );
		same( array( 'customer_processing_order' ), sent() );
		same( array(), held() );
		same( array( 'customer_processing_order' ), wrote() );
		no( ask( '7', 'customer_processing_order' ) );
		same( array( 'customer_processing_order' ), sent() );
	}
);

test(
	'it counts as sent before it is: whoever dies while sending sends it once at the most',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		happens( 'customer_processing_order', 7 );
		$dies = static function ( $enabled ) {
			throw new Exception( 'the server dies' );
		};
		add_filter( 'woocommerce_email_enabled_customer_processing_order', $dies, 99 );
		try {
			ask( '7', 'customer_processing_order' );
		} catch ( Exception $error ) {
			same( 'the server dies', $error->getMessage() );
		}
		remove_filter( 'woocommerce_email_enabled_customer_processing_order', $dies, 99 );
		same( array(), held() );
		no( ask( '7', 'customer_processing_order' ) );
		same( array(), sent() );
	}
);

test(
	'nothing else is sent: what was not held, another mail, another order, no mail of ours',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		no( ask( '7', 'customer_processing_order' ) );
		happens( 'customer_processing_order', 7 );
		no( ask( '7', 'customer_completed_order' ) );
		no( ask( '8', 'customer_processing_order' ) );
		foreach ( array( 'customer_note', 'new_order', '', 7, null, array() ) as $bad ) {
			same( 400, ask( '7', $bad ), json_encode( $bad ) );
		}
		foreach ( array( '', '0', '-7', '7 ', 7, null, array( '7' ) ) as $bad ) {
			same( 400, ask( $bad, 'customer_processing_order' ), json_encode( $bad ) );
		}
		same( array(), sent() );
		same( array( 'customer_processing_order' ), held() );
	}
);

test(
	'others\' keys send nothing',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		happens( 'customer_processing_order', 7 );
		foreach ( array( 2, 3 ) as $user ) {
			same( 403, ask( '7', 'customer_processing_order', $user ) );
		}
		same( 401, ask( '7', 'customer_processing_order', 0 ) );
		same( array(), sent() );
	}
);

test(
	'of an order that is over by now nobody hears that it is on its way',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		happens( 'customer_processing_order', 7 );
		wc_get_order( 7 )->update_status( 'cancelled' );
		no( ask( '7', 'customer_processing_order' ) );
		same( array(), held() );
		same( array(), sent() );
	}
);

test(
	'money that went back is told with the newest refund, of the whole or of a part, whatever became of the order',
	function () {
		foreach ( array( 'customer_refunded_order' => false, 'customer_partially_refunded_order' => true ) as $mail => $part ) {
			store( 'sent', static fn() => array() );
			connect( array( 'mails_off' => ALL ) );
			placed( array( 'refunds' => array( 92, 91 ) ) );
			$told = array();
			$look = static function ( $enabled, $order, $email ) use ( &$told ) {
				$told[] = $email->refund;
				return $enabled;
			};
			add_filter( "woocommerce_email_enabled_$mail", $look, 10, 3 );
			happens( 'customer_refunded_order', 7, $part, 91 );
			same( array( $mail ), held() );
			same( array(), sent() );
			wc_get_order( 7 )->update_status( 'cancelled' );
			yes( ask( '7', $mail ) );
			remove_filter( "woocommerce_email_enabled_$mail", $look, 10 );
			same( array( 91, 92 ), $told );
			same( array( $mail ), sent() );
			same( array( $mail ), wrote() );
		}
	}
);

test(
	'a cancellation is told while the order is cancelled',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed( array( 'status' => 'cancelled' ) );
		happens( 'customer_cancelled_order', 7 );
		same( array( 'customer_cancelled_order' ), held() );
		yes( ask( '7', 'customer_cancelled_order' ) );
		happens( 'customer_cancelled_order', 7 );
		wc_get_order( 7 )->update_status( 'processing' );
		no( ask( '7', 'customer_cancelled_order' ) );
		same( array( 'customer_cancelled_order' ), sent() );
	}
);

test(
	'a parcel\'s mail is sent with the newest parcel',
	function () {
		connect( array( 'mails_off' => ALL ) );
		placed();
		$parcel = new Test_Fulfillment( 7 );
		happens( 'customer_fulfillment_created', 7, $parcel, wc_get_order( 7 ) );
		same( array( 'customer_fulfillment_created' ), held() );
		yes( ask( '7', 'customer_fulfillment_created' ) );
		same( array( 'customer_fulfillment_created' ), sent() );
	}
);

test(
	'what others have changed on the order and not saved yet is left alone',
	function () {
		connect( array( 'mails_off' => ALL ) );
		$order = placed( array( 'meta' => array( 'theirs' => 'old' ) ) );
		$order->update_meta_data( 'theirs', 'new' );
		no( mail_goes_out( 'customer_processing_order', $order ) );
		same( 'old', wc_get_order( 7 )->get_meta( 'theirs' ) );
		same( 'new', $order->get_meta( 'theirs' ) );
		$order->save_meta_data();
		same( array( 'customer_processing_order' ), held() );
		same( 'new', wc_get_order( 7 )->get_meta( 'theirs' ) );
	}
);
