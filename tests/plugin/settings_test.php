<?php
/** What Doorstep may set, who may say it, and what we answer. */

require __DIR__ . '/runner.php';

test(
	'settings are kept whole, in one option that is not loaded with every page',
	function () {
		$answer = push_settings( settings( array( 'mails_off' => array( 'customer_processing_order' ) ) ) );
		same( 200, $answer->get_status() );
		$said = $answer->get_data();
		yes( in_array( $said['offset'], array( 0, 1 ), true ), 'a second may pass' );
		$said['offset'] = 0;
		same(
			array(
				'connected'   => true,
				'version'     => Doorstep\VERSION,
				'wordpress'   => '6.8.8',
				'woocommerce' => '10.2.4',
				'php'         => PHP_VERSION,
				'offset'      => 0,
			),
			$said
		);
		yes( Doorstep\is_connected() );
		$state = Doorstep\state();
		same( SECRET, $state['secret'] );
		same( array( 'customer_processing_order' ), $state['mails_off'] );
		same( array( 11 ), $state['key_ids'], 'the key that called' );
		$kept = stored( 'options' );
		same( 'off', $kept['doorstep_state']['autoload'] );
		foreach ( $kept as $name => $option ) {
			if ( 'doorstep_state' !== $name ) {
				no( strpos( json_encode( $option ), SECRET ), "no secret in $name" );
			}
		}
	}
);

test(
	'the answer says by how much our clock is wrong',
	function () {
		foreach ( array( 3600, -90 ) as $wrong ) {
			clock_is_ahead( $wrong );
			$told = push_settings( settings() )->get_data()['offset'];
			yes( $told - $wrong >= 0 && $told - $wrong <= 1, "$wrong seconds, and one may pass" );
		}
	}
);

test(
	'only who may manage the shop is listened to',
	function () {
		foreach ( array( 2 => 403, 3 => 403, 0 => 401 ) as $user => $status ) {
			foreach ( array( 'POST', 'DELETE' ) as $method ) {
				$answer = push_settings( settings(), $user, $method );
				same( $status, $answer->get_status() );
				same( 'rest_forbidden', $answer->get_data()['code'] );
				no( Doorstep\is_connected() );
			}
		}
	}
);

test(
	'a setting of a wrong kind is told, and none of them is kept',
	function () {
		$wrong = array(
			'secret'    => array( '', 'abc', strtoupper( SECRET ), SECRET . "\n", SECRET . '0', 1, array( SECRET ), true ),
			'app'       => array( '', 'app.example', 'https://app.example/', 'https://other.example', 'http://app.example', 'https://app.example@evil.example', 'javascript:alert(1)', 'file:///etc/passwd', 7, array( APP ) ),
			'door'      => array( '', 'https://evil.example/woocommerce/plugin/token_of_this_shop', APP . '.evil.example/woocommerce/plugin/token_of_this_shop', APP . '/woocommerce/plugin/', 'https://appXexample/woocommerce/plugin/token_of_this_shop', APP . '/woocommerce/plugin/../../x_____', APP . '/woocommerce/plugin/token_of_this_shop?', array() ),
			'shop'      => array( '', 'https://shop.example', 'Shop.Example', 'shop.example"', 'shop.example/../x', 'shop.example//x', 'shop example', "shop.example\n", 5 ),
			'pages'     => array( '', 'apps/doorstep', '/', '/apps/', '/apps/../x', '/a(.*)b', '/a/b/c/d/e', "/apps/doorstep\n", '/' . str_repeat( 'a', 41 ), array( '/apps' ) ),
			'mails_off' => array( 'customer_processing_order', array( 'a' => 'customer_processing_order' ), array( 1 ), array( 'Customer Order' ), array( array() ), array_fill( 0, 51, 'customer_note' ), 1 ),
			'script'    => array( 1, 'true', 'yes', array() ),
			'since'     => array( '1700000000', 1.5, -1, 4102444800, true, array() ),
			'time'      => array( '1700000000', 1700000000.5, -1, 0, 99999999999, true, array( 1700000000 ) ),
		);
		$tried = 0;
		foreach ( $wrong as $name => $values ) {
			foreach ( $values as $value ) {
				$answer = push_settings( settings( array( $name => $value ) ) );
				$shown  = $name . ' = ' . json_encode( $value );
				same( 400, $answer->get_status(), $shown );
				same( 'rest_invalid_param', $answer->get_data()['code'], $shown );
				yes( isset( $answer->get_data()['data']['params'][ $name ] ), $shown );
				++$tried;
			}
		}
		same( 69, $tried );
		same( false, get_option( 'doorstep_state' ) );
	}
);

test(
	'half of the settings is none',
	function () {
		foreach ( array_keys( settings() ) as $name ) {
			$answer = push_settings( array_diff_key( settings(), array( $name => 1 ) ) );
			same( 400, $answer->get_status(), $name );
			same( 'rest_missing_callback_param', $answer->get_data()['code'], $name );
			no( Doorstep\is_connected() );
		}
	}
);

test(
	'a wrong push leaves the connection as it was',
	function () {
		connect( array( 'pages' => '/apps/shop' ) );
		$before = get_option( 'doorstep_state' );
		push_settings( settings( array( 'script' => 'no' ) ) );
		same( $before, get_option( 'doorstep_state' ) );
	}
);

test(
	'another server is believed only if it knows our secret',
	function () {
		$moved = array(
			'app'  => 'https://moved.example',
			'door' => 'https://moved.example/woocommerce/plugin/token_of_this_shop',
		);
		connect();
		$answer = push_settings( settings( $moved + array( 'secret' => strrev( SECRET ) ) ) );
		same( 400, $answer->get_status() );
		same( 'This plugin was made for https://app.example.', $answer->get_data()['data']['params']['app'] );
		same( APP, Doorstep\connected_app() );
		same( 200, push_settings( settings( $moved ) )->get_status() );
		same( 'https://moved.example', Doorstep\connected_app() );
		$plain = array(
			'app'  => 'http://moved.example',
			'door' => 'http://moved.example/woocommerce/plugin/token_of_this_shop',
		);
		same( 400, push_settings( settings( $plain ) )->get_status(), 'nobody moves to http' );
	}
);

test(
	'each push is a sign of life, and from when on Doorstep writes is its own word',
	function () {
		clock_is_ahead( -5000 );
		connect( array( 'since' => 1700000000 ) );
		$first = Doorstep\state();
		clock_is_ahead( -2000 );
		connect( array( 'since' => 1700000000 ) );
		$second = Doorstep\state();
		same( array( 1700000000, 1700000000 ), array( $first['since'], $second['since'] ) );
		yes( $second['received_at'] >= $first['received_at'] + 3000 );
		connect( array( 'since' => 1700000007, 'secret' => strrev( SECRET ) ) );
		same( 1700000007, Doorstep\state()['since'] );
	}
);

test(
	'what was said earlier and comes later changes nothing',
	function () {
		$now = \time();
		connect( array( 'mails_off' => array(), 'time' => $now ) );
		foreach ( array( 1, 300, 3599 ) as $late ) {
			connect( array( 'mails_off' => array( 'customer_processing_order' ), 'time' => $now - $late, 'script' => false ) );
			same( array(), Doorstep\state()['mails_off'], "$late seconds" );
			yes( Doorstep\script_wanted() );
		}
		$offset = Doorstep\state()['offset'];
		yes( in_array( $offset, array( 0, 1 ), true ), 'nor the clock' );
		connect( array( 'mails_off' => array( 'customer_processing_order' ), 'time' => $now ) );
		same( array( 'customer_processing_order' ), Doorstep\state()['mails_off'], 'of the same second the last counts' );
		connect( array( 'mails_off' => array(), 'time' => $now - 3601 ) );
		same( array(), Doorstep\state()['mails_off'], 'a clock of Doorstep that was wrong is set right' );
	}
);

test(
	'the key that called is found by a prepared query, and only one of that very user counts',
	function () {
		connect();
		$asked = array_values( preg_grep( '/woocommerce_api_keys/', $GLOBALS['wpdb']->queries ) );
		same( 1, count( $asked ) );
		$hash = wc_api_hash( 'ck_' . str_repeat( '1', 40 ) );
		same( "SELECT key_id FROM wp_woocommerce_api_keys WHERE consumer_key = '$hash' AND user_id = 1", $asked[0] );

		wp_set_current_user( 1 );
		$_SERVER['PHP_AUTH_USER'] = 'ck_' . str_repeat( '2', 40 );
		same( 0, Doorstep\calling_key_id(), 'somebody else\'s' );
		$_SERVER['PHP_AUTH_USER'] = "' OR '1'='1";
		same( 0, Doorstep\calling_key_id() );
		$_GET['consumer_key'] = 'ck_' . str_repeat( '1', 40 );
		same( 11, Doorstep\calling_key_id(), 'where a host strips the header, the key stands in the address' );
	}
);

test(
	'all keys that ever pushed are known, also over another beginning',
	function () {
		connect();
		wp_set_current_user( 1 );
		$push = static function ( $over ) {
			$request = new WP_REST_Request( 'POST', '/wc-doorstep/v1/settings' );
			$request->set_header( 'content-type', 'application/json' );
			$request->set_body( json_encode( settings( $over ) ) );
			same( 200, rest_do_request( $request )->get_status() );
		};
		$push( array() );
		same( array( 11 ), Doorstep\state()['key_ids'] );
		$push( array( 'secret' => strrev( SECRET ) ) );
		same( array( 11 ), Doorstep\state()['key_ids'] );
	}
);

test(
	'what is no JSON is told',
	function () {
		wp_set_current_user( 1 );
		$request = new WP_REST_Request( 'POST', '/wc-doorstep/v1/settings' );
		$request->set_header( 'content-type', 'application/json' );
		$request->set_body( '{"secret":' );
		same( 400, rest_do_request( $request )->get_status() );
		no( Doorstep\is_connected() );
	}
);

test(
	'an option of another shape is nothing',
	function () {
		update_option( 'doorstep_state', 'broken' );
		no( Doorstep\is_connected() );
		same( '/apps/doorstep', Doorstep\pages_path() );
		update_option( 'doorstep_state', array( 'secret' => SECRET, 'stranger' => 1 ) );
		no( Doorstep\is_connected() );
		no( isset( Doorstep\state()['stranger'] ) );
	}
);
