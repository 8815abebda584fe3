<?php
/**
 * The shop as a web server: php -S 127.0.0.1:8101 tests/plugin/wordpress/serve.php, with the environment that
 * load.php names. WORDPRESS_TLS=0: nobody told WordPress that the outside is https. Log in: POST
 * /wp-login.php with user=<id>. What only tests may ask lies below /test/.
 */

define( 'WORDPRESS_SERVES', true );
if ( '0' !== getenv( 'WORDPRESS_TLS' ) ) {
	$_SERVER['HTTPS'] = 'on';
}
require __DIR__ . '/load.php';

$raw_query = (string) ( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_QUERY ) ?? '' );
$path      = explode( '?', $_SERVER['REQUEST_URI'], 2 )[0];
$_GET      = wp_slash( $_GET );
$_POST     = wp_slash( $_POST );
$_COOKIE   = wp_slash( $_COOKIE );
$_REQUEST  = array_merge( $_GET, $_POST );

if ( 0 === strpos( $path, '/wp-content/plugins/doorstep/' ) ) {
	send_file( substr( $path, strlen( '/wp-content/plugins/doorstep/' ) ) );
	return;
}
// A request to REST or admin-ajax finds its user before anything else runs.
boot_wordpress();
add_filter( 'http_request_host_is_external', static fn( $good, $host ) => $good || '127.0.0.1' === $host, 10, 2 );

if ( 0 === strpos( $path, '/test/' ) ) {
	test_door( $path );
} elseif ( 0 === strpos( $path, '/wp-json/' ) ) {
	serve_rest( substr( $path, strlen( '/wp-json' ) ), $path );
} elseif ( '/wp-login.php' === $path ) {
	serve_login();
} elseif ( '/wp-admin/admin-ajax.php' === $path ) {
	serve_ajax();
} elseif ( '/wp-admin/admin-post.php' === $path ) {
	serve_admin_post();
} elseif ( 0 === strpos( $path, '/wp-admin/' ) ) {
	serve_admin( $path );
} else {
	serve_front( $path, $raw_query );
}

function send_file( $name ) {
	$file  = realpath( WORDPRESS_PLUGIN . "/$name" );
	$kinds = array( 'js' => 'text/javascript', 'css' => 'text/css' );
	$kind  = $kinds[ pathinfo( $name, PATHINFO_EXTENSION ) ] ?? null;
	if ( false === $file || null === $kind || 0 !== strpos( $file, realpath( WORDPRESS_PLUGIN ) ) ) {
		http_response_code( 404 );
		return;
	}
	header( "Content-Type: $kind" );
	readfile( $file );
}

function serve_rest( $route, $path ) {
	$method = $_SERVER['REQUEST_METHOD'];
	$cookie = user_of_cookie();
	wp_set_current_user( $cookie );
	// The cookie alone does not count: another page could have sent it.
	if ( $cookie && ! wp_verify_nonce( $_SERVER['HTTP_X_WP_NONCE'] ?? '', 'wp_rest' ) ) {
		wp_set_current_user( 0 );
	}
	$keys = woocommerce_key_user( $path, $method );
	if ( is_wp_error( $keys ) ) {
		send_rest( new WP_REST_Response( array( 'code' => $keys->get_error_code(), 'message' => $keys->get_error_message(), 'data' => $keys->get_error_data() ), 401 ) );
		return;
	}
	if ( $keys ) {
		wp_set_current_user( $keys );
	}
	$request = new WP_REST_Request( $method, untrailingslashit( $route ) );
	foreach ( getallheaders() as $name => $value ) {
		$request->set_header( $name, $value );
	}
	$request->set_query_params( wp_unslash( $_GET ) );
	$request->set_body_params( wp_unslash( $_POST ) );
	$request->set_body( file_get_contents( 'php://input' ) );
	send_rest( rest_do_request( $request ) );
}

function send_rest( $answer ) {
	status_header( $answer->get_status() );
	header( 'Content-Type: application/json; charset=UTF-8' );
	header( 'X-Robots-Tag: noindex' );
	foreach ( $answer->get_headers() as $name => $value ) {
		header( "$name: $value" );
	}
	echo wp_json_encode( $answer->get_data() );
}

function serve_login() {
	if ( 'POST' === $_SERVER['REQUEST_METHOD'] && get_userdata( (int) ( $_POST['user'] ?? 0 ) ) ) {
		setcookie( LOGIN_COOKIE, login_cookie( (int) $_POST['user'] ), array( 'path' => '/', 'httponly' => true ) );
		wp_safe_redirect( wp_unslash( $_REQUEST['redirect_to'] ?? admin_url() ) );
		return;
	}
	echo '<!DOCTYPE html><html><body class="login"><form method="post"><input name="user"><input type="submit"></form></body></html>';
}

function serve_ajax() {
	$GLOBALS['wordpress_ajax']  = true;
	$GLOBALS['wordpress_admin'] = true;
	do_action( 'admin_init' );
	$hook = ( is_user_logged_in() ? 'wp_ajax_' : 'wp_ajax_nopriv_' ) . sanitize_text_field( wp_unslash( $_REQUEST['action'] ?? '' ) );
	if ( ! has_action( $hook ) ) {
		wp_die( '0', 400 );
	}
	do_action( $hook );
	wp_die( '0' );
}

function serve_admin_post() {
	$GLOBALS['wordpress_admin'] = true;
	do_action( 'admin_init' );
	$hook = ( is_user_logged_in() ? 'admin_post_' : 'admin_post_nopriv_' ) . sanitize_text_field( wp_unslash( $_REQUEST['action'] ?? '' ) );
	if ( ! has_action( $hook ) ) {
		wp_die( '', 400 );
	}
	do_action( $hook );
}

function serve_admin( $path ) {
	if ( ! is_user_logged_in() ) {
		wp_redirect( wp_login_url( home_url( $_SERVER['REQUEST_URI'] ) ) );
		return;
	}
	$page = admin_page( sanitize_key( wp_unslash( $_GET['page'] ?? '' ) ) );
	nocache_headers();
	header( 'X-Frame-Options: SAMEORIGIN' );
	echo $page;
}

/** The theme's pages: rules, then the slash that WordPress wants, then whoever takes the request, then the theme. */
function serve_front( $path, $raw_query ) {
	$wp = (object) array( 'query_vars' => parse_wordpress_request( ltrim( $path, '/' ), wp_unslash( $_GET ) ) );
	do_action( 'parse_request', $wp );
	$GLOBALS['wordpress_query_vars'] = $wp->query_vars;
	$wanted = apply_filters( 'redirect_canonical', canonical_address( $_SERVER['REQUEST_URI'] ), $_SERVER['REQUEST_URI'] );
	$pretty = '' !== (string) get_option( 'permalink_structure' );
	if ( $pretty && $wanted && $wanted !== $_SERVER['REQUEST_URI'] ) {
		wp_redirect( $wanted, 301 );
		return;
	}
	do_action( 'template_redirect' );
	if ( function_exists( 'theme_page' ) ) {
		theme_page( $path );
		return;
	}
	status_header( 404 );
	echo '<!DOCTYPE html><html><body class="error404"><h1>Page not found</h1></body></html>';
}

/** Things happen in the shop: what a merchant or a visitor would do, asked for by a test. */
function test_door( $path ) {
	$given = json_decode( file_get_contents( 'php://input' ), true ) ?: array();
	switch ( $path ) {
		case '/test/ready':
			break;
		case '/test/order':
			new_order( $given['id'], $given['data'] ?? array() );
			break;
		case '/test/status':
			wc_get_order( $given['id'] )->update_status( $given['to'] );
			break;
		case '/test/refund':
			do_action( 'woocommerce_order_refunded', $given['id'], $given['refund'] ?? 1 );
			break;
		case '/test/fulfil':
			do_action( 'woocommerce_fulfillment_after_fulfill', new Test_Fulfillment( $given['id'] ) );
			break;
		case '/test/mail':
			wp_send_json( array( 'goes' => mail_goes_out( $given['id'], isset( $given['order'] ) ? wc_get_order( $given['order'] ) : null ) ) );
			break;
		default:
			status_header( 404 );
	}
	wp_send_json( array( 'ok' => 404 !== http_response_code() ) );
}
