<?php
/** The small WordPress is as strict as the real one: what it would let through, no other test could find. */

require __DIR__ . '/runner.php';

/** The body is refused by the stub itself. */
function refused( callable $body ) {
	try {
		$body();
	} catch ( LogicException | InvalidArgumentException $problem ) {
		return true;
	}
	return false;
}

test(
	'escaping, as WordPress does it',
	function () {
		same( '&lt;a href=&quot;x&quot;&gt;A &amp; B &amp; &#039;C&#039; &amp;nosuch_&lt;', esc_html( '<a href="x">A & B &amp; \'C\' &nosuch_<' ) );
		same( '&quot; onload=&quot;x', esc_attr( '" onload="x' ) );
		same( '', esc_html( "bad \xC3" ) );
		same( '&amp;lt;', esc_textarea( '&lt;' ) );
		same( '&lt;', esc_html( '&lt;' ) );
		$urls = array(
			'https://a.example/?x=1&y=2'  => 'https://a.example/?x=1&#038;y=2',
			"https://a.example/'x'"       => 'https://a.example/&#039;x&#039;',
			'javascript:alert(1)'         => '',
			'JaVaScRiPt:alert(1)'         => '',
			"java\nscript:alert(1)"       => '',
			'data:text/html,x'            => '',
			'/wp-admin/?a=1'              => '/wp-admin/?a=1',
			'a.example/x'                 => 'http://a.example/x',
			'https://a.example/"><b>'     => 'https://a.example/b',
			'https://a.example/%0d%0aX:1' => 'https://a.example/X:1',
			''                            => '',
		);
		foreach ( $urls as $given => $clean ) {
			same( $clean, esc_url( $given ), $given );
		}
		same( 'https://a.example/?x=1&y=2', esc_url_raw( 'https://a.example/?x=1&y=2' ) );
	}
);

test(
	'cleaning, as WordPress does it',
	function () {
		$texts = array(
			" a  b\n\tc "              => 'a b c',
			'tags <em>go</em>'         => 'tags go',
			'a < b'                    => 'a &lt; b',
			'<script>x()</script>left' => 'left',
			'saved for %20later'       => 'saved for later',
			'%%7A20'                   => '',
			"bad \xC3"                 => '',
		);
		foreach ( $texts as $given => $clean ) {
			same( $clean, sanitize_text_field( $given ), $given );
		}
		same( '', sanitize_text_field( array( 'x' ) ) );
		same( 'helloworld-1_2', sanitize_key( 'Hello World!-1_2' ) );
		same( 'otto@shop.example', sanitize_email( ' otto@shop.example ' ) );
		same( '', sanitize_email( 'otto' ) );
		same( array( 'a' => "O'x" ), wp_unslash( wp_slash( array( 'a' => "O'x" ) ) ) );
		same( '<p>x</p>', wp_kses_post( '<p onclick="x()">x</p><script>y</script>' ) );
	}
);

test(
	'hooks run by their priority, with as many arguments as they take',
	function () {
		$heard = array();
		$note  = static function ( $name ) use ( &$heard ) {
			return static function ( ...$given ) use ( $name, &$heard ) {
				$heard[] = array( $name, $given );
			};
		};
		add_action( 'test_hook', $note( 'late' ), 20, 2 );
		add_action( 'test_hook', $note( 'first' ), 5 );
		add_action( 'test_hook', $note( 'none' ), 10, 0 );
		do_action( 'test_hook', 1, 2, 3 );
		same( array( array( 'first', array( 1 ) ), array( 'none', array() ), array( 'late', array( 1, 2 ) ) ), $heard );
		add_filter( 'test_filter', '__return_false' );
		no( apply_filters( 'test_filter', true ) );
		yes( remove_filter( 'test_filter', '__return_false' ) );
		yes( apply_filters( 'test_filter', true ) );
	}
);

test(
	'a nonce is for one user and one action',
	function () {
		wp_set_current_user( 1 );
		$nonce = wp_create_nonce( 'a' );
		same( 1, wp_verify_nonce( $nonce, 'a' ) );
		no( wp_verify_nonce( $nonce, 'b' ) );
		no( wp_verify_nonce( '', 'a' ) );
		wp_set_current_user( 2 );
		no( wp_verify_nonce( $nonce, 'a' ) );
	}
);

test(
	'the database takes what was prepared',
	function () {
		global $wpdb;
		same( "x = 'O\\'x' AND y = 7 AND `z``` LIKE '50\\\\%%'", $wpdb->prepare( 'x = %s AND y = %d AND %i LIKE %s', "O'x", '7; DROP', 'z`', $wpdb->esc_like( '50%' ) . '%' ) );
		yes( refused( static fn() => $wpdb->get_var( "SELECT key_id FROM wp_woocommerce_api_keys WHERE key_id = 11" ) ), 'a value in the query' );
		yes( refused( static fn() => $wpdb->prepare( "SELECT key_id FROM t WHERE a = '%s'", 'x' ) ), 'a placeholder in quotes' );
		yes( refused( static fn() => $wpdb->prepare( 'SELECT 1 WHERE a = %s' ) ), 'too few values' );
		$find = static fn( $key ) => $wpdb->get_var( $wpdb->prepare( "SELECT key_id FROM {$wpdb->prefix}woocommerce_api_keys WHERE description LIKE %s", $key ) );
		same( '11', $find( 'Doorstep%' ) );
		same( null, $find( 'doorstep\\%' ) );
		same( null, $find( "' OR 1 = 1 OR '" ) );
		same( 1, $wpdb->delete( 'wp_woocommerce_api_keys', array( 'key_id' => 12 ), array( '%d' ) ) );
		same( array( 11, 13 ), array_column( stored( 'tables' )['wp_woocommerce_api_keys'], 'key_id' ) );
	}
);

test(
	'a route needs its hour and somebody who may',
	function () {
		yes( refused( static fn() => register_rest_route( 'x/v1', '/y', array( 'methods' => 'GET', 'callback' => 'time', 'permission_callback' => '__return_true' ) ) ) );
		$open = static function () {
			register_rest_route( 'x/v1', '/y', array( 'methods' => 'GET', 'callback' => 'time' ) );
		};
		add_action( 'rest_api_init', $open );
		yes( refused( static fn() => do_action( 'rest_api_init' ) ) );
		remove_action( 'rest_api_init', $open );
		array_pop( $GLOBALS['wordpress_doing'] );
		same( 404, rest_do_request( new WP_REST_Request( 'GET', '/x/v1/y' ) )->get_status() );
	}
);

test(
	'what is asked safely does not lead inwards',
	function () {
		$good = array( 'https://93.184.216.34/', 'https://93.184.216.34:443/x', 'http://93.184.216.34:8080/', 'https://shop.example/x' );
		$bad  = array( 'https://127.0.0.1/', 'https://10.0.0.1/', 'https://192.168.1.1/', 'https://169.254.1.1/', 'https://93.184.216.34:8443/', 'ftp://93.184.216.34/', 'https://user:pass@93.184.216.34/', 'https://[::1]/', 'file:///etc/passwd', '/x', '' );
		foreach ( $good as $url ) {
			same( $url, wp_http_validate_url( $url ), $url );
		}
		foreach ( $bad as $url ) {
			no( wp_http_validate_url( $url ), $url );
		}
		answer_requests( null );
		yes( is_wp_error( wp_safe_remote_get( 'https://127.0.0.1/' ) ) );
		yes( refused( static fn() => wp_remote_get( 'http://127.0.0.1:9/', array( 'headers' => array( 'X' => "a\r\nb: c" ) ) ) ), 'a line break in a header' );
	}
);

test(
	'a redirect of ours stays with us',
	function () {
		same( 'https://shop.example/x', ends( static fn() => wp_safe_redirect( 'https://shop.example/x' ) )->said );
		same( 'https://shop.example/wp-admin/', ends( static fn() => wp_safe_redirect( 'https://evil.example/x' ) )->said );
	}
);
