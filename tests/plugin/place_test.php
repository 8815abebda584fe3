<?php
/** A copy of a shop, under another address and with the shop's secret, says nothing in its name. */

require __DIR__ . '/runner.php';

/** The database of shop.example, copied to another address. */
function cloned_to( $home ) {
	connect( array( 'mails_off' => array( 'customer_processing_order' ) ) );
	putenv( "WORDPRESS_HOME=$home" );
	$GLOBALS['wordpress_requests'] = array();
}

function back_home() {
	putenv( 'WORDPRESS_HOME' );
}

test(
	'the same place, however it is written',
	function () {
		$same = array(
			array( 'https://shop.example', 'shop.example' ),
			array( 'http://www.Shop.Example/', 'shop.example' ),
			array( 'https://shop.example', 'www.shop.example' ),
			array( 'https://shop.example:443/Store/', 'shop.example/store' ),
			array( 'https://shop.example/de', 'shop.example' ),
			array( 'https://shop.example/pt-br/', 'shop.example' ),
			array( 'https://shop.example/?lang=de', 'shop.example' ),
			array( 'https://shop.example', 'shop.example/de' ),
		);
		foreach ( $same as $pair ) {
			yes( Doorstep\is_same_place( $pair[0], $pair[1] ), implode( ' ', $pair ) );
		}
		$others = array( 'https://staging.shop.example', 'https://shop.example/staging', 'https://shop.example:8443', 'https://shop.example.evil', 'https://shop.example/dev', 'https://shop.example@evil.example', '', '://', 'https:///x' );
		foreach ( $others as $other ) {
			no( Doorstep\is_same_place( $other, 'shop.example' ), $other );
		}
		no( Doorstep\is_same_place( '', '' ) );
	}
);

test(
	'a copy tells nothing, hands out nothing and holds nothing back',
	function () {
		foreach ( array( 'https://staging.example', 'https://shop.example/staging' ) as $home ) {
			fresh_shop();
			cloned_to( $home );
			no( Doorstep\is_connected() );
			new_order( 5 )->update_status( 'processing' );
			do_action( 'shutdown' );
			same( null, Doorstep\tell( 'hint', array() ) );
			same( array(), Doorstep\replaced_now() );
			wp_set_current_user( 1 );
			$_REQUEST = array( 'nonce' => wp_create_nonce( 'doorstep_token' ) );
			same( 409, ends( static fn() => do_action( 'wp_ajax_doorstep_token' ) )->status );
			same( '', Doorstep\order_link( wc_get_order( 5 ) ) );
			Doorstep\leave( 'uninstalled' );
			same( array(), $GLOBALS['wordpress_requests'] );
			back_home();
		}
	}
);

test(
	'a home of another language is no copy',
	function () {
		connect();
		$in_german = static fn( $url ) => str_replace( 'shop.example', 'shop.example/deutsch', $url );
		add_filter( 'home_url', $in_german );
		yes( Doorstep\is_connected(), 'the option counts, not what plugins make of it' );
		yes( false !== strpos( Doorstep\install_address(), rawurlencode( 'https://shop.example' ) ) );
		no( strpos( Doorstep\install_address(), 'deutsch' ) );
		remove_filter( 'home_url', $in_german );
	}
);

test(
	'the page says so in words, and a way to connect is there',
	function () {
		cloned_to( 'https://staging.example' );
		$page = page_of_doorstep();
		back_home();
		yes( false !== strpos( $page, 'Doorstep knows this shop as shop.example, and this is staging.example' ), $page );
		yes( false !== strpos( $page, 'shop=' . rawurlencode( 'https://staging.example' ) ), $page );
		no( strpos( $page, '<iframe' ) );
		no( strpos( page_of_doorstep(), 'Doorstep knows this shop as' ) );
	}
);

test(
	'settings that were meant for another shop are answered so',
	function () {
		$said = push_settings( settings( array( 'shop' => 'other.example' ) ) )->get_data();
		same( array( false, 'shop.example' ), array( $said['connected'], $said['home'] ) );
		no( isset( push_settings( settings() )->get_data()['home'] ) );
	}
);

function page_of_doorstep() {
	wp_set_current_user( 1 );
	return printed( static fn() => Doorstep\show_page() );
}
