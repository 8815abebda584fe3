<?php
/** What is filled in for one visitor is kept by no cache. The cases go on from one another: a constant stays. */

require __DIR__ . '/runner.php';
require __DIR__ . '/wordpress/missing.php';

test(
	'a form that is the same for everybody may be kept',
	function () {
		connect();
		Doorstep\lookup_form( '', '', true );
		wp_set_current_user( 2 );
		Doorstep\lookup_form( '', '', false );
		no( defined( 'DONOTCACHEPAGE' ) );
	}
);

test(
	'a form with a person\'s own address may not',
	function () {
		connect();
		wp_set_current_user( 2 );
		yes( false !== strpos( Doorstep\lookup_form( '', '', true ), 'otto@shop.example' ) );
		yes( defined( 'DONOTCACHEPAGE' ) && DONOTCACHEPAGE );
	}
);

test(
	'WooCommerce is off, and the form is there all the same',
	function () {
		connect();
		wp_set_current_user( 2 );
		new_order( 1047, array( 'customer_id' => 2, 'billing_email' => 'old@shop.example' ) );
		$GLOBALS['wordpress_missing'] = array( 'wc_get_orders' );
		$form                         = Doorstep\lookup_form( '', '', true );
		$GLOBALS['wordpress_missing'] = array();
		yes( false !== strpos( $form, 'otto@shop.example' ) );
		no( strpos( $form, '1047' ), 'nobody was asked for orders' );
		yes( false !== strpos( Doorstep\lookup_form( '', '', true ), '1047' ) );
	}
);
