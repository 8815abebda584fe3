<?php
/**
 * A test file: require this, then `test( 'words', function () { ... } )` for each case, with same(), yes(),
 * no() and ends(). Each case has a shop of its own in which the plugin is installed and not connected. What a
 * file prints: one line a case, "ok" or "not ok"; it ends with 1 if any is not.
 */

require_once __DIR__ . '/wordpress/load.php';

const SECRET = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const APP    = 'https://app.example';

/** Each thing that is signed has a key of its own. */
function key_of( $purpose ) {
	return hash_hmac( 'sha256', $purpose, SECRET );
}

class Wrong extends Exception {}

$GLOBALS['test_answers'] = null;
$GLOBALS['test_failed']  = 0;

register_shutdown_function(
	static function () {
		exit( $GLOBALS['test_failed'] ? 1 : 0 );
	}
);
boot_wordpress();
add_filter( 'pre_http_request', static fn( $early, $args, $url ) => $GLOBALS['test_answers'] ? ( $GLOBALS['test_answers'] )( $url, $args ) : $early, 10, 3 );

function test( $words, callable $body ) {
	fresh_shop();
	try {
		$body();
		echo "ok - $words\n";
	} catch ( Throwable $error ) {
		++$GLOBALS['test_failed'];
		$place = place_of( $error );
		echo "not ok - $words\n    " . get_class( $error ) . ': ' . str_replace( "\n", "\n    ", $error->getMessage() ) . "\n    $place\n";
	}
}

/** The line of the test file. */
function place_of( Throwable $error ) {
	foreach ( array_merge( array( array( 'file' => $error->getFile(), 'line' => $error->getLine() ) ), $error->getTrace() ) as $frame ) {
		if ( '_test.php' === substr( $frame['file'] ?? '', -9 ) ) {
			return basename( $frame['file'] ) . ':' . $frame['line'];
		}
	}
	return basename( $error->getFile() ) . ':' . $error->getLine();
}

/** As WordPress is when a request begins. */
function fresh_shop() {
	file_put_contents( state_file(), '' );
	$_GET                           = array();
	$_POST                          = array();
	$_REQUEST                       = array();
	$_COOKIE                        = array();
	$_SERVER                        = array( 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'HTTPS' => 'on', 'REMOTE_ADDR' => '192.0.2.7' );
	$GLOBALS['wordpress_user']      = new WP_User();
	$GLOBALS['wordpress_requests']  = array();
	$GLOBALS['wordpress_clock']     = 0;
	$GLOBALS['wordpress_admin']     = false;
	$GLOBALS['wordpress_ajax']      = false;
	$GLOBALS['wordpress_scripts']   = array();
	$GLOBALS['wordpress_styles']    = array();
	$GLOBALS['wordpress_query_vars'] = array();
	$GLOBALS['wpdb']->queries       = array();
	$GLOBALS['test_answers']        = static fn() => answer( 200, '{}' );
	$hints                          = &Doorstep\hints();
	$hints                          = array();
	update_option( 'active_plugins', array( 'doorstep/doorstep.php' ) );
}

/** What Doorstep sends when it connects. */
function settings( array $over = array() ) {
	return $over + array(
		'secret'    => SECRET,
		'app'       => APP,
		'door'      => APP . '/woocommerce/plugin/token_of_this_shop',
		'shop'      => 'shop.example',
		'pages'     => '/apps/doorstep',
		'mails_off' => array(),
		'script'    => true,
		'time'      => time(),
		'since'     => time() - 1,
	);
}

/** Through the REST server, as the merchant's key `$user`. */
function push_settings( array $settings, $user = 1, $method = 'POST' ) {
	wp_set_current_user( $user );
	$_SERVER['PHP_AUTH_USER'] = 'ck_' . str_repeat( (string) $user, 40 );
	$request                  = new WP_REST_Request( $method, '/wc-doorstep/v1/settings' );
	$request->set_header( 'content-type', 'application/json' );
	$request->set_body( json_encode( $settings ) );
	$answer = rest_do_request( $request );
	wp_set_current_user( 0 );
	unset( $_SERVER['PHP_AUTH_USER'] );
	return $answer;
}

function connect( array $over = array() ) {
	same( 200, push_settings( settings( $over ) )->get_status(), 'the shop is connected' );
}

/** The next requests are answered by `$by( $url, $args )`; null: over the network. */
function answer_requests( ?callable $by ) {
	$GLOBALS['test_answers'] = $by;
}

function answer( $status, $body = '', array $headers = array() ) {
	return array(
		'headers'  => new WP_Headers( $headers ),
		'body'     => $body,
		'response' => array( 'code' => $status, 'message' => '' ),
		'cookies'  => array(),
	);
}

/** What was printed. */
function printed( callable $body ) {
	ob_start();
	try {
		$body();
	} finally {
		$text = ob_get_clean();
	}
	return $text;
}

/** Doorstep's clock and the machine's may differ by this, in seconds. */
function clock_is_ahead( $seconds ) {
	$GLOBALS['wordpress_clock'] = $seconds;
}

function same( $wanted, $got, $words = '' ) {
	if ( $wanted !== $got ) {
		throw new Wrong( trim( "$words\nwanted: " . var_export( $wanted, true ) . "\ngot:    " . var_export( $got, true ) ) );
	}
}

function yes( $got, $words = '' ) {
	same( true, $got, $words );
}

function no( $got, $words = '' ) {
	same( false, $got, $words );
}

/** The body ends the request (wp_die, a redirect, JSON): that end. */
function ends( callable $body ) {
	try {
		$body();
	} catch ( Stopped $end ) {
		return $end;
	}
	throw new Wrong( 'the request went on' );
}
