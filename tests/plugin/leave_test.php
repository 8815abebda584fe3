<?php
/** Leaving: what is told, and that nothing of Doorstep stays, and everything else does. */

require __DIR__ . '/runner.php';

/** Two webhooks of Doorstep, three of others. */
function shop_with_webhooks() {
	new_webhook( 1, APP . '/webhooks/woocommerce/abc' );
	new_webhook( 2, 'https://other.example/webhooks/woocommerce/abc' );
	new_webhook( 3, APP . '.evil.example/webhooks' );
	new_webhook( 4, APP . '/webhooks/woocommerce/def' );
	new_webhook( 5, 'https://other.example/?to=' . APP . '/webhooks' );
}

function webhooks_left() {
	return array_column( stored( 'tables' )['wp_wc_webhooks'], 'webhook_id' );
}

function keys_left() {
	return array_column( stored( 'tables' )['wp_woocommerce_api_keys'], 'key_id' );
}

/** The merchant's click on Disconnect, as `$user` with the nonce of `$action`. */
function click_disconnect( $user = 1, $action = 'doorstep_disconnect' ) {
	wp_set_current_user( $user );
	$_SERVER['REQUEST_METHOD'] = 'POST';
	$_POST                     = array( 'action' => 'doorstep_disconnect', '_wpnonce' => wp_create_nonce( $action ) );
	$_REQUEST                  = $_POST;
	return ends( static fn() => do_action( 'admin_post_doorstep_disconnect' ) );
}

test(
	'the merchant disconnects: told, and cleared',
	function () {
		connect();
		shop_with_webhooks();
		$end = click_disconnect();
		same( 'Redirected', get_class( $end ) );
		same( 'https://shop.example/wp-admin/admin.php?page=doorstep&left=told', $end->said );
		same( 1, count( $GLOBALS['wordpress_requests'] ) );
		list( $request ) = $GLOBALS['wordpress_requests'];
		same( APP . '/woocommerce/plugin/token_of_this_shop/left', $request['url'] );
		same( '{"reason":"disconnected"}', $request['args']['body'] );
		yes( $request['args']['blocking'], 'its answer is waited for' );
		same( array( 2, 3, 5 ), webhooks_left() );
		same( array( 12, 13 ), keys_left() );
		same( false, get_option( 'doorstep_state' ) );
		no( Doorstep\is_connected() );
	}
);

test(
	'every key that Doorstep came with is revoked',
	function () {
		connect();
		store(
			'tables',
			static function ( $tables ) {
				$newer                               = $tables['wp_woocommerce_api_keys'][0];
				$newer['key_id']                     = 19;
				$newer['consumer_key']               = wc_api_hash( 'ck_' . str_repeat( 'a', 40 ) );
				$tables['wp_woocommerce_api_keys'][] = $newer;
				return $tables;
			}
		);
		$_GET['consumer_key'] = 'ck_' . str_repeat( 'a', 40 );
		connect();
		$_GET = array();
		connect();
		same( array( 11, 19 ), Doorstep\state()['key_ids'] );
		click_disconnect();
		same( array( 12, 13 ), keys_left() );
	}
);

test(
	'a Doorstep that does not answer holds nobody back',
	function () {
		foreach ( array( static fn() => new WP_Error( 'http_request_failed', 'no' ), static fn() => answer( 502 ), static fn() => answer( 401 ) ) as $by ) {
			fresh_shop();
			connect();
			shop_with_webhooks();
			answer_requests( $by );
			same( 'https://shop.example/wp-admin/admin.php?page=doorstep&left=untold', click_disconnect()->said );
			same( array( 2, 3, 5 ), webhooks_left() );
			no( Doorstep\is_connected() );
		}
	}
);

test(
	'nobody else disconnects the shop, and no other page by the merchant\'s browser',
	function () {
		connect();
		shop_with_webhooks();
		$tries = array( array( 2, 'doorstep_disconnect' ), array( 3, 'doorstep_disconnect' ), array( 0, 'doorstep_disconnect' ), array( 1, 'doorstep_token' ) );
		foreach ( $tries as list( $user, $action ) ) {
			$end = click_disconnect( $user, $action );
			same( 'Died', get_class( $end ) );
			same( 403, $end->status );
			yes( Doorstep\is_connected() );
			same( 5, count( webhooks_left() ) );
		}
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);

test(
	'Doorstep leaves by itself: nothing stays, and it is not told what it said',
	function () {
		connect();
		shop_with_webhooks();
		$answer = push_settings( array(), 1, 'DELETE' );
		same( 200, $answer->get_status() );
		same( array( 'connected' => false ), $answer->get_data() );
		same( array(), $GLOBALS['wordpress_requests'] );
		same( array( 2, 3, 5 ), webhooks_left() );
		same( array( 12, 13 ), keys_left() );
		no( Doorstep\is_connected() );
	}
);

test(
	'without a connection there is nothing to delete',
	function () {
		shop_with_webhooks();
		no( Doorstep\leave( 'disconnected' ) );
		same( 5, count( webhooks_left() ) );
		same( 3, count( keys_left() ) );
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);

test(
	'deactivated: the connection stays, the addresses go',
	function () {
		connect();
		flush_rewrite_rules();
		do_action( 'deactivate_doorstep/doorstep.php', false );
		yes( Doorstep\is_connected() );
		same( array(), $GLOBALS['wordpress_requests'] );
		same( false, get_option( 'rewrite_rules' ) );
		same( false, get_option( 'doorstep_rules' ) );
	}
);

test(
	'uninstalled, in each shop of the installation',
	function () {
		$GLOBALS['wordpress_sites'] = array( 2, 3 );
		foreach ( array( 2, 3 ) as $site ) {
			switch_to_blog( $site );
			file_put_contents( state_file(), '' );
			connect();
			shop_with_webhooks();
			update_option( 'doorstep_rules', 'x' );
			restore_current_blog();
		}
		$GLOBALS['wordpress_requests'] = array();
		define( 'WP_UNINSTALL_PLUGIN', 'doorstep/doorstep.php' );
		require WORDPRESS_PLUGIN . '/uninstall.php';
		unset( $GLOBALS['wordpress_sites'] );
		same( array( '{"reason":"uninstalled"}', '{"reason":"uninstalled"}' ), array_column( array_column( $GLOBALS['wordpress_requests'], 'args' ), 'body' ) );
		foreach ( array( 2, 3 ) as $site ) {
			switch_to_blog( $site );
			same( array(), array_values( preg_grep( '/^doorstep/', array_keys( stored( 'options' ) ) ) ), 'no option of ours' );
			same( array( 2, 3, 5 ), webhooks_left() );
			unlink( state_file() );
			restore_current_blog();
		}
	}
);
