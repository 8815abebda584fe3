<?php
/** Signatures, proofs and page tokens; the expected bytes were made elsewhere (Python's hmac, and RFC 7515's way). */

require __DIR__ . '/runner.php';

test(
	'a message is signed over its action, its time and every byte of its body',
	function () {
		connect();
		$of = static fn( $text ) => hash_hmac( 'sha256', $text, SECRET );
		same( $of( "hint\n1700000000\n{\"a\":1}" ), Doorstep\message_signature( 'hint', '1700000000', '{"a":1}' ) );
		same( '4c58a08b86ab8c575160e28634fbeb62fa91f9a49ecc28fafc14e1fdac7a2689', Doorstep\message_signature( 'hint', '1700000000', '{"a":1}' ) );
	}
);

test(
	'an order\'s proof is the half of its signature',
	function () {
		connect();
		same( 'fd10abad9943f815c730ee5b4da114d1', Doorstep\order_proof( 123 ) );
		same( Doorstep\order_proof( 123 ), Doorstep\order_proof( '123' ), 'a number or its text' );
		yes( Doorstep\order_proof( 124 ) !== Doorstep\order_proof( 123 ) );
	}
);

test(
	'a page token says who is looking, for a minute, in our time',
	function () {
		clock_is_ahead( 7200 );
		connect( array( 'shop' => 'shop.example/en' ) );
		$before = \time();
		$user   = get_userdata( 1 );
		$user->display_name = 'Zoë "Z" <Ål>';
		$parts  = explode( '.', Doorstep\page_token( $user ) );
		same( 3, count( $parts ) );
		$read = static fn( $part ) => json_decode( base64_decode( strtr( $part, '-_', '+/' ) ), true );
		same( array( 'alg' => 'HS256', 'typ' => 'JWT' ), $read( $parts[0] ) );
		$claims = $read( $parts[1] );
		yes( $claims['iat'] >= $before && $claims['iat'] <= \time(), 'by Doorstep\'s clock, not by the shop\'s' );
		same( $claims['iat'], $claims['nbf'] );
		same( $claims['iat'] + 60, $claims['exp'] );
		unset( $claims['iat'], $claims['nbf'], $claims['exp'] );
		same(
			array(
				'iss'  => 'https://shop.example/en',
				'dest' => 'https://shop.example/en',
				'aud'  => 'doorstep',
				'sub'  => '1',
				'name' => 'Zoë "Z" <Ål>',
			),
			$claims
		);
		$signature = hash_hmac( 'sha256', "$parts[0].$parts[1]", SECRET, true );
		same( rtrim( strtr( base64_encode( $signature ), '+/', '-_' ), '=' ), $parts[2] );
	}
);

test(
	'a token is fit for an address, whatever a user is called',
	function () {
		connect();
		$user = get_userdata( 1 );
		foreach ( array( '', 'a', 'ab' ) as $before ) {
			foreach ( array( '???', '>>>', '~~~', 'ÿÿÿ', '"/\\' ) as $name ) {
				$user->display_name = $before . $name;
				$token              = Doorstep\page_token( $user );
				same( 1, preg_match( '/\A[\w-]+\.[\w-]+\.[\w-]+\z/', $token ), $token );
			}
		}
	}
);

test(
	'nothing is told while nobody is connected, and no token is worth anything',
	function () {
		same( null, Doorstep\tell( 'hint', array() ) );
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);

test(
	'what is told is signed as it is sent, in Doorstep\'s time, and follows nobody',
	function () {
		clock_is_ahead( -300 );
		connect();
		$before = \time();
		same( 200, wp_remote_retrieve_response_code( Doorstep\tell( 'left', array( 'reason' => 'ü/"' ) ) ) );
		list( $request ) = $GLOBALS['wordpress_requests'];
		same( APP . '/woocommerce/plugin/token_of_this_shop/left', $request['url'] );
		$args = $request['args'];
		same( 'POST', $args['method'] );
		same( 0, $args['redirection'] );
		same( array( 'reason' => 'ü/"' ), json_decode( $args['body'], true ) );
		$time = $args['headers']['X-Doorstep-Time'];
		yes( (int) $time >= $before && (int) $time <= \time(), 'Doorstep\'s time' );
		same( hash_hmac( 'sha256', "left\n$time\n{$args['body']}", SECRET ), $args['headers']['X-Doorstep-Signature'] );
		same( 'application/json', $args['headers']['Content-Type'] );
	}
);

test(
	'an address that was not built in may not lead into the shop\'s own network',
	function () {
		connect();
		connect( array( 'app' => 'https://moved.example', 'door' => 'https://moved.example/woocommerce/plugin/token_of_this_shop' ) );
		Doorstep\tell( 'left', array() );
		yes( end( $GLOBALS['wordpress_requests'] )['args']['reject_unsafe_urls'] );
		connect();
		Doorstep\tell( 'left', array() );
		no( end( $GLOBALS['wordpress_requests'] )['args']['reject_unsafe_urls'], 'whoever built it in meant it' );
	}
);
