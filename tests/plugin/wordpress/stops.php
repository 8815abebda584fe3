<?php
/** Where WordPress ends a request: a server ends it too, a test catches it. */

class Stopped extends Exception {
	public $status;
	public $said;

	public function __construct( $status, $said ) {
		parent::__construct( "the request ended with $status" );
		$this->status = $status;
		$this->said   = $said;
	}
}

/** `said`: what was printed, or the address that the browser was sent to. */
class Died extends Stopped {}
class Redirected extends Stopped {}
class SentJson extends Stopped {}

function status_header( $code ) {
	$GLOBALS['wordpress_status'] = $code;
	if ( WORDPRESS_SERVES ) {
		http_response_code( $code );
	}
}

function nocache_headers() {
	if ( WORDPRESS_SERVES ) {
		header( 'Expires: Wed, 11 Jan 1984 05:00:00 GMT' );
		header( 'Cache-Control: no-cache, must-revalidate, max-age=0, no-store, private' );
	}
}

function wp_die( $words = '', $title = '', $args = array() ) {
	if ( is_int( $args ) ) {
		$args = array( 'response' => $args );
	} elseif ( is_int( $title ) ) {
		$args = array( 'response' => $title );
	}
	$ajax   = wp_doing_ajax();
	$status = $args['response'] ?? ( $ajax ? 200 : 500 );
	$words  = $words instanceof WP_Error ? $words->get_error_message() : $words;
	if ( ! WORDPRESS_SERVES ) {
		throw new Died( $status, $words );
	}
	status_header( $status );
	nocache_headers();
	echo $ajax ? $words : "<!DOCTYPE html><html><body id=\"error-page\"><div class=\"wp-die-message\">$words</div></body></html>";
	exit;
}

function wp_redirect( $location, $status = 302 ) {
	if ( ! WORDPRESS_SERVES ) {
		throw new Redirected( $status, $location );
	}
	header( "Location: $location", true, $status );
	return true;
}

/** Only to our own host; else to the back office. */
function wp_safe_redirect( $location, $status = 302 ) {
	$host = parse_url( $location, PHP_URL_HOST );
	$good = null === $host || $host === parse_url( home_url(), PHP_URL_HOST );
	return wp_redirect( $good ? $location : admin_url(), $status );
}

function wp_send_json( $said, $status = null ) {
	if ( ! WORDPRESS_SERVES ) {
		throw new SentJson( $status ?? 200, $said );
	}
	header( 'Content-Type: application/json; charset=UTF-8' );
	if ( null !== $status ) {
		status_header( $status );
	}
	echo wp_json_encode( $said );
	exit;
}

function wp_send_json_success( $data = null, $status = null ) {
	wp_send_json( array( 'success' => true, 'data' => $data ), $status );
}

function wp_send_json_error( $data = null, $status = null ) {
	wp_send_json( array( 'success' => false, 'data' => $data ), $status );
}

function wp_doing_ajax() {
	return (bool) ( $GLOBALS['wordpress_ajax'] ?? false );
}
