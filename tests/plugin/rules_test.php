<?php
/** WordPress' list of addresses is written when it must be, and never else: it is slow in a large shop. */

require __DIR__ . '/runner.php';

// The plugin was activated before `init` came to it, as in WordPress; each case below has a fresh shop.
$at_activation = get_option( 'rewrite_rules' );

function flushes() {
	return (int) get_option( 'test_flushes', 0 );
}

test(
	'activation writes the list, with our addresses in it',
	function () use ( $at_activation ) {
		yes( (bool) preg_grep( '#apps/doorstep#', array_keys( $at_activation ) ) );
		do_action( 'activate_doorstep/doorstep.php', false );
		same( 1, flushes() );
		yes( (bool) preg_grep( '#apps/doorstep#', array_keys( get_option( 'rewrite_rules' ) ) ) );
	}
);

test(
	'no load writes it again',
	function () {
		do_action( 'activate_doorstep/doorstep.php', false );
		for ( $load = 0; $load < 20; $load++ ) {
			do_action( 'init' );
			do_action( 'wp_loaded' );
		}
		same( 1, flushes() );
	}
);

test(
	'another version does, once',
	function () {
		do_action( 'activate_doorstep/doorstep.php', false );
		update_option( 'doorstep_rules', '0.9.0 /apps/doorstep' );
		do_action( 'init' );
		do_action( 'wp_loaded' );
		do_action( 'wp_loaded' );
		same( 2, flushes() );
		same( Doorstep\VERSION . ' /apps/doorstep', get_option( 'doorstep_rules' ) );
	}
);

test(
	'another path for the pages does, once, and is in it',
	function () {
		do_action( 'activate_doorstep/doorstep.php', false );
		connect();
		do_action( 'wp_loaded' );
		same( 1, flushes(), 'the path was the usual one' );
		connect( array( 'pages' => '/apps/after-the-order' ) );
		do_action( 'init' );
		do_action( 'wp_loaded' );
		do_action( 'wp_loaded' );
		same( 2, flushes() );
		yes( (bool) preg_grep( '#after.{0,2}the.{0,2}order#', array_keys( get_option( 'rewrite_rules' ) ) ) );
	}
);

test(
	'WooCommerce is told that we know its tables and its blocks',
	function () {
		$declared = \Automattic\WooCommerce\Utilities\FeaturesUtil::$declared;
		same( array( 'doorstep/doorstep.php', true ), $declared['custom_order_tables'] );
		same( array( 'doorstep/doorstep.php', true ), $declared['cart_checkout_blocks'] );
	}
);

test(
	'nothing is asked of any server while WordPress starts',
	function () {
		foreach ( array( 'plugins_loaded', 'init', 'wp_loaded', 'admin_init', 'wp_enqueue_scripts' ) as $hook ) {
			do_action( $hook );
		}
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);
