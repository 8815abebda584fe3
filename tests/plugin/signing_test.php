<?php
/** Signatures, proofs and page tokens; the expected bytes were made elsewhere (Python's hmac, and RFC 7515's way). */

require __DIR__ . '/runner.php';

test(
	'a message is signed over its action, its time and every byte of its body',
	function () {
		connect();
		$of = static fn( $text ) => hash_hmac( 'sha256', $text, key_of( 'message' ) );
		same( $of( "hint\n1700000000\n{\"a\":1}" ), Doorstep\message_signature( 'hint', '1700000000', '{"a":1}' ) );
		same( 'b9dbe651dbabd30edba1f23fca10a1ad10b89308beb33d3c9b83213f77d638aa', Doorstep\message_signature( 'hint', '1700000000', '{"a":1}' ) );
	}
);

test(
	'what was signed for a page is no message, however its names are chosen',
	function () {
		connect();
		$time  = (string) Doorstep\their_time();
		$pairs = Doorstep\signed_pairs( http_build_query( array( "left\n$time\n{\"reason\":\"disconnected\",\"a\":\"" => '', 'z' => '"}' ) ) );
		$body  = "{\"reason\":\"disconnected\",\"a\":\"=logged_in_customer_id=path_prefix=/apps/doorstepshop=shop.exampletimestamp={$time}z=\"}";
		yes( end( $pairs )[1] !== Doorstep\message_signature( 'left', $time, $body ) );
		same( 4, count( array_unique( array_map( 'key_of', array( 'message', 'proxy', 'order', 'page' ) ) ) ) );
	}
);

test(
	'a name of several lines is asked of nobody',
	function () {
		foreach ( array( 'a%0Ab=1', '%00=1', "x=1&a%7F", 'doorstep_page=%2Ftrack%3F' . 'a=1&%1f' ) as $query ) {
			no( Doorstep\has_plain_names( $query ), $query );
		}
		foreach ( array( '', 'a=1%0A2', 'a%20b=1', '%C3%A9=1' ) as $query ) {
			yes( Doorstep\has_plain_names( $query ), $query );
		}
	}
);

test(
	'an order\'s proof is the half of its signature',
	function () {
		connect();
		same( '543210e2d3df400a7822a84a64901c8a', Doorstep\order_proof( 123 ) );
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
		$signature = hash_hmac( 'sha256', "$parts[0].$parts[1]", key_of( 'page' ), true );
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
		same( hash_hmac( 'sha256', "left\n$time\n{$args['body']}", key_of( 'message' ) ), $args['headers']['X-Doorstep-Signature'] );
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
