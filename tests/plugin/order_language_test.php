<?php
/** The language of the checkout stands on the order, in both checkouts, while the shop is connected. */

require __DIR__ . '/runner.php';

const BOTH = array( 'woocommerce_checkout_create_order', 'woocommerce_store_api_checkout_update_order_meta' );

function noted_language( $hook, $id = 7 ) {
	$order = new_order( $id );
	do_action( $hook, $order, array() );
	$order->save_meta_data();
	return wc_get_order( $id )->get_meta( '_doorstep_language' );
}

test(
	'a shop that is not connected has nothing noted',
	function () {
		foreach ( BOTH as $hook ) {
			yes( ! noted_language( $hook ), $hook );
		}
	}
);

test(
	'the language of the page',
	function () {
		connect();
		foreach ( BOTH as $hook ) {
			same( determine_locale(), noted_language( $hook ), $hook );
		}
	}
);

test(
	'what is no order is left alone',
	function () {
		connect();
		foreach ( BOTH as $hook ) {
			do_action( $hook, null, array() );
			do_action( $hook, 7, array() );
		}
		yes( true );
	}
);

test(
	'a plugin that knows it better is asked first',
	function () {
		connect();
		function pll_current_language( $field ) {
			return 'locale' === $field ? $GLOBALS['test_speaks'] : 'fr';
		}
		$GLOBALS['test_speaks'] = 'fr_CA';
		same( 'fr_CA', noted_language( BOTH[1] ) );
		$GLOBALS['test_speaks'] = false;
		same( determine_locale(), noted_language( BOTH[0] ) );
	}
);
