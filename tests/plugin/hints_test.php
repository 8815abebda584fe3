<?php
/** Hints: one for each order and request, when the page is made, without waiting. */

require __DIR__ . '/runner.php';

/** The hints that left at the end of the request. */
function hints_sent() {
	$GLOBALS['wordpress_requests'] = array();
	do_action( 'shutdown' );
	$sent = array();
	foreach ( $GLOBALS['wordpress_requests'] as $request ) {
		same( APP . '/woocommerce/plugin/token_of_this_shop/hint', $request['url'] );
		no( $request['args']['blocking'], 'nobody waits for it' );
		same( 1, $request['args']['timeout'] );
		$headers = $request['args']['headers'];
		same( hash_hmac( 'sha256', "hint\n{$headers['X-Doorstep-Time']}\n{$request['args']['body']}", key_of( 'message' ) ), $headers['X-Doorstep-Signature'] );
		$sent[] = json_decode( $request['args']['body'], true );
	}
	return $sent;
}

test(
	'a change of status',
	function () {
		connect();
		new_order( 123, array( 'status' => 'pending', 'email' => 'otto@shop.example' ) )->update_status( 'processing' );
		same( array( array( 'event' => 'status', 'order' => '123', 'from' => 'pending', 'to' => 'processing' ) ), hints_sent() );
		same( array(), hints_sent(), 'once' );
	}
);

test(
	'a refund and a fulfilment',
	function () {
		connect();
		do_action( 'woocommerce_order_refunded', 7, 8 );
		do_action( 'woocommerce_fulfillment_after_fulfill', new Test_Fulfillment( 9 ) );
		same(
			array(
				array( 'event' => 'refund', 'order' => '7', 'from' => '', 'to' => '' ),
				array( 'event' => 'fulfillment', 'order' => '9', 'from' => '', 'to' => '' ),
			),
			hints_sent()
		);
	}
);

test(
	'all that happens to an order in one request is one hint: from the first, to the last',
	function () {
		connect();
		$order = new_order( 5, array( 'status' => 'pending' ) );
		$order->update_status( 'on-hold' );
		$order->update_status( 'processing' );
		$order->update_status( 'completed' );
		do_action( 'woocommerce_order_refunded', 5, 6 );
		same( array( array( 'event' => 'refund', 'order' => '5', 'from' => 'pending', 'to' => 'completed' ) ), hints_sent() );
	}
);

test(
	'a basket that is being filled is not told, what becomes of it is',
	function () {
		connect();
		$order = new_order( 5, array( 'status' => 'pending' ) );
		$order->update_status( 'checkout-draft' );
		same( array(), hints_sent() );
		$order->update_status( 'processing' );
		same( 'checkout-draft', hints_sent()[0]['from'] );
	}
);

test(
	'nothing is said while nobody is connected, nor after leaving',
	function () {
		new_order( 5 )->update_status( 'processing' );
		same( array(), hints_sent() );
		connect();
		new_order( 6 )->update_status( 'processing' );
		push_settings( array(), 1, 'DELETE' );
		same( array(), hints_sent() );
	}
);

test(
	'a bulk change says as much as a request can bear',
	function () {
		connect();
		for ( $id = 1; $id <= 60; $id++ ) {
			do_action( 'woocommerce_order_status_changed', $id, 'processing', 'completed', null );
		}
		same( array_map( 'strval', range( 1, 20 ) ), array_column( hints_sent(), 'order' ) );
	}
);

test(
	'a Doorstep that answers slowly costs three seconds and no more',
	function () {
		connect();
		for ( $id = 1; $id <= 20; $id++ ) {
			do_action( 'woocommerce_order_status_changed', $id, 'processing', 'completed', null );
		}
		answer_requests(
			static function () {
				usleep( 1000000 );
				return answer( 200 );
			}
		);
		$began = microtime( true );
		same( 3, count( hints_sent() ) );
		yes( microtime( true ) - $began < 4.5 );
	}
);

test(
	'a fulfilment of something else is none of ours',
	function () {
		connect();
		$other = new class( 9 ) extends Test_Fulfillment {
			public function get_entity_type() {
				return 'WC_Subscription';
			}
		};
		do_action( 'woocommerce_fulfillment_after_fulfill', $other );
		do_action( 'woocommerce_fulfillment_after_fulfill', array() );
		same( array(), hints_sent() );
	}
);

test(
	'a hint holds nothing of the customer',
	function () {
		connect();
		new_order( 123, array( 'status' => 'pending', 'email' => 'otto@shop.example', 'customer_id' => 2 ) )->update_status( 'processing' );
		do_action( 'shutdown' );
		$body = end( $GLOBALS['wordpress_requests'] )['args']['body'];
		same( array( 'event', 'order', 'from', 'to' ), array_keys( json_decode( $body, true ) ) );
		no( strpos( $body, 'otto' ) );
	}
);
