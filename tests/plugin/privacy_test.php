<?php
/** Export and erasure through Doorstep's door, and the words for the shop's privacy policy. */

require __DIR__ . '/runner.php';

const EVIL = '<script>alert(1)</script> "quoted" & plain';

/** Doorstep answers so; what it was asked is in $wordpress_requests. */
function door_says( $status, $said ) {
	$GLOBALS['wordpress_requests'] = array();
	answer_requests( static fn() => answer( $status, is_string( $said ) ? $said : json_encode( $said ) ) );
}

function export( $email = 'otto@shop.example', $page = 1 ) {
	return call_user_func( apply_filters( 'wp_privacy_personal_data_exporters', array() )['doorstep']['callback'], $email, $page );
}

function erase( $email = 'otto@shop.example', $page = 1 ) {
	return call_user_func( apply_filters( 'wp_privacy_personal_data_erasers', array() )['doorstep']['callback'], $email, $page );
}

/** Whatever is no answer of Doorstep. */
function silences() {
	return array(
		'no network'  => static fn() => new WP_Error( 'http_request_failed', 'x' ),
		'500'         => static fn() => answer( 500, '{"groups": [], "removed": true}' ),
		'401'         => static fn() => answer( 401, '{"error": "x"}' ),
		'a host page' => static fn() => answer( 200, '<html>groups removed' ),
		'nothing'     => static fn() => answer( 200, '' ),
		'a list'      => static fn() => answer( 200, '[]' ),
		'a text'      => static fn() => answer( 200, '"x"' ),
		'other words' => static fn() => answer( 200, '{"groups": "x", "outcome": "asked"}' ),
	);
}

test(
	'they have names, and beside others none is lost',
	function () {
		foreach ( array( 'exporters' => 'exporter_friendly_name', 'erasers' => 'eraser_friendly_name' ) as $kind => $key ) {
			$all = apply_filters( "wp_privacy_personal_data_$kind", array( 'other' => array() ) );
			same( array( 'other', 'doorstep' ), array_keys( $all ) );
			same( 'Doorstep', $all['doorstep'][ $key ] );
		}
	}
);

test(
	'nothing is asked while we are not connected',
	function () {
		same( array( 'data' => array(), 'done' => true ), export() );
		same( array( 'items_removed' => false, 'items_retained' => false, 'messages' => array(), 'done' => true ), erase() );
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);

test(
	'the export asks the door, signed, and shows what it says',
	function () {
		connect();
		door_says( 200, array( 'groups' => array( array( 'title' => 'Mails', 'items' => array( array( array( 'name' => 'Subject', 'value' => 'Thank you' ), array( 'name' => 'Sent', 'value' => '2026-11-01' ) ), array( array( 'name' => 'Subject', 'value' => 'On its way' ) ) ) ), array( 'title' => 'Reviews', 'items' => array() ) ) ) );
		$got = export( 'Otto+x@shop.example' );
		yes( $got['done'] );
		same( array( 'doorstep-0-0', 'doorstep-0-1' ), array_column( $got['data'], 'item_id' ) );
		same( array( 'Doorstep: Mails', 'Doorstep: Mails' ), array_column( $got['data'], 'group_label' ) );
		same( array( array( 'name' => 'Subject', 'value' => 'Thank you' ), array( 'name' => 'Sent', 'value' => '2026-11-01' ) ), $got['data'][0]['data'] );
		$asked = $GLOBALS['wordpress_requests'];
		same( 1, count( $asked ) );
		same( 'https://app.example/woocommerce/plugin/token_of_this_shop/export', $asked[0]['url'] );
		same( array( 'email' => 'Otto+x@shop.example' ), json_decode( $asked[0]['args']['body'], true ) );
		$time = $asked[0]['args']['headers']['X-Doorstep-Time'];
		same( hash_hmac( 'sha256', "export\n$time\n" . $asked[0]['args']['body'], key_of( 'message' ) ), $asked[0]['args']['headers']['X-Doorstep-Signature'] );
	}
);

test(
	'what is exported is text in the file that WordPress writes',
	function () {
		connect();
		door_says( 200, array( 'groups' => array( array( 'title' => EVIL, 'items' => array( array( array( 'name' => EVIL, 'value' => EVIL . "\nnext" ), array( 'name' => 'n', 'value' => 12 ), array( 'name' => 'l', 'value' => array( 'x' ) ), 'odd', array( 'name' => 'x' ) ), 'odd' ) ), 'odd', array( 'title' => 'x' ) ) ) );
		$item = export()['data'][0];
		same( 1, count( export()['data'] ) );
		same( esc_html( EVIL ) . "<br />\nnext", $item['data'][0]['value'] );
		same( array( '12', '' ), array( $item['data'][1]['value'], $item['data'][2]['value'] ) );
		same( 3, count( $item['data'] ) );
		no( strpos( $item['group_label'] . $item['data'][0]['name'], '<' ) );
	}
);

test(
	'an export without an answer says what is missing, and ends',
	function () {
		connect();
		foreach ( silences() as $kind => $answer ) {
			answer_requests( $answer );
			$got = export();
			yes( $got['done'], $kind );
			same( 1, count( $got['data'] ), $kind );
			yes( false !== strpos( $got['data'][0]['data'][0]['value'], 'did not answer' ), $kind );
		}
	}
);

test(
	'an erasure tells what Doorstep told',
	function () {
		connect();
		door_says( 200, array( 'removed' => true, 'kept' => false, 'messages' => array() ) );
		same( array( 'items_removed' => true, 'items_retained' => false, 'messages' => array(), 'done' => true ), erase() );
		same( 'https://app.example/woocommerce/plugin/token_of_this_shop/erase', $GLOBALS['wordpress_requests'][0]['url'] );
		door_says( 200, array( 'removed' => false, 'kept' => true, 'messages' => array( 'Invoices stay.', EVIL, '', array( 'x' ), 7 ) ) );
		$got = erase();
		same( array( false, true, true ), array( $got['items_removed'], $got['items_retained'], $got['done'] ) );
		same( array( 'Invoices stay.', '&quot;quoted&quot; &amp; plain', '7' ), $got['messages'] );
	}
);

test(
	'an erasure without an answer claims nothing, and ends',
	function () {
		connect();
		foreach ( silences() as $kind => $answer ) {
			if ( '500' === $kind ) {
				continue;
			}
			answer_requests( $answer );
			$got = erase();
			same( array( false, true, true ), array( $got['items_removed'], $got['items_retained'], $got['done'] ), $kind );
			yes( 1 === count( $got['messages'] ) && false !== strpos( $got['messages'][0], 'did not answer' ), $kind );
		}
		answer_requests( silences()['500'] );
		no( erase()['items_removed'], 'a 500 that says that it removed' );
	}
);

test(
	'the policy is suggested at the right time, as paragraphs',
	function () {
		do_action( 'admin_init' );
		$text = $GLOBALS['wordpress_policies']['Doorstep'];
		same( substr_count( $text, '<p>' ), substr_count( $text, '</p>' ) );
		foreach ( array( 'e-mail address', 'network address', 'No cookie' ) as $words ) {
			yes( false !== strpos( $text, $words ), $words );
		}
	}
);
