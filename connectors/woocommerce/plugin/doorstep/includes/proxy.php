<?php
/**
 * The shop's own pages of Doorstep: what a visitor asks below the pages' path is asked of Doorstep, signed,
 * and what it answers comes back from the shop's own address. No cookie passes in either direction.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const PAGE_VAR       = 'doorstep_page';
const ASK_SECONDS    = 5;
const LARGEST_BODY   = 1000000;
const LARGEST_ANSWER = 4000000;
const LONGEST_PATH   = 1000;
const AWAY_TRANSIENT = 'doorstep_away';
const AWAY_SECONDS   = 30;
// What a visitor's browser says that the pages need; never a cookie, never a login.
const PASSED_ON = array(
	'Accept'            => 'HTTP_ACCEPT',
	'Accept-Language'   => 'HTTP_ACCEPT_LANGUAGE',
	'Content-Type'      => 'CONTENT_TYPE',
	'If-None-Match'     => 'HTTP_IF_NONE_MATCH',
	'If-Modified-Since' => 'HTTP_IF_MODIFIED_SINCE',
);

add_action( 'init', __NAMESPACE__ . '\\add_rules' );
add_filter( 'query_vars', __NAMESPACE__ . '\\know_page_var' );
add_action( 'parse_request', __NAMESPACE__ . '\\take_request', 1 );
add_filter( 'redirect_canonical', __NAMESPACE__ . '\\keep_address' );
add_action( 'template_redirect', __NAMESPACE__ . '\\answer_visitor', 1 );

/** The addresses of the pages and of the tab in My Account. Who calls this outside `init` flushes the rules. */
function add_rules() {
	add_rewrite_rule( '^' . preg_quote( ltrim( pages_path(), '/' ), '#' ) . '/(.+)$', 'index.php?' . PAGE_VAR . '=$matches[1]', 'top' );
	add_account_rule();
}

function know_page_var( $names ) {
	$names[] = PAGE_VAR;
	return $names;
}

/**
 * Of such a request WordPress keeps nothing but the page: ?feed=1, ?p=7 or a form's field of such a name would
 * change what WordPress does. A page that cannot be, and all of them while we are not connected, is not found.
 *
 * @param \WP $wp What WordPress understood of the request.
 */
function take_request( $wp ) {
	if ( ! isset( $wp->query_vars[ PAGE_VAR ] ) ) {
		return;
	}
	$path           = is_connected() ? clean_path( $wp->query_vars[ PAGE_VAR ] ) : null;
	$wp->query_vars = null === $path ? array( 'error' => '404' ) : array( PAGE_VAR => $path );
}

/** A slash more or less is the same page. WordPress would redirect, and the body of a form would be lost. */
function keep_address( $address ) {
	return '' === asked_path() ? $address : false;
}

/** The page that is asked for, or "". */
function asked_path() {
	$path = get_query_var( PAGE_VAR );
	return is_string( $path ) ? $path : '';
}

/** Null for what is no path below ours: it never leaves the folder that it stands in. */
function clean_path( $given ) {
	if ( ! is_string( $given ) ) {
		return null;
	}
	$path = trim( rawurldecode( explode( '?', $given, 2 )[0] ), '/' );
	if ( '' === $path || strlen( $path ) > LONGEST_PATH || preg_match( '/[\x00-\x1F\x7F\\\\]/', $path ) ) {
		return null;
	}
	return array_intersect( explode( '/', $path ), array( '', '.', '..' ) ) ? null : $path;
}

/** Asks, and either sends the answer as it is or leaves it to the theme. */
function answer_visitor() {
	$path = asked_path();
	if ( '' === $path ) {
		return;
	}
	$answer = ask_doorstep( $path );
	$answer = is_data( $path ) ? problem_as_data( $answer ) : $answer;
	send_headers_of( $answer );
	if ( is_for_theme( $answer ) ) {
		shown_page( $answer );
		return;
	}
	// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- JSON, text or a picture under its own content type, never HTML.
	echo $answer['body'];
	exit;
}

/**
 * The answer as it may be shown: what is no page of Doorstep becomes a sentence of ours.
 *
 * @return array status, headers (small letters => text), body, and `words`: the sentence, or "".
 */
function ask_doorstep( $path ) {
	$method = server_text( 'REQUEST_METHOD' );
	if ( ! in_array( $method, array( 'GET', 'HEAD', 'POST' ), true ) ) {
		return problem( 405, array( 'allow' => 'GET, HEAD, POST' ) );
	}
	if ( ! has_plain_names( visitor_query() ) ) {
		return problem( 400 );
	}
	$body = 'POST' === $method ? visitor_body() : '';
	if ( strlen( $body ) > LARGEST_BODY ) {
		return problem( 413 );
	}
	if ( is_data( $path ) && get_transient( AWAY_TRANSIENT ) ) {
		return problem( 504 );
	}
	$address = connected_app() . '/proxy/woocommerce/' . path_text( $path ) . '?' . query_text( signed_pairs( visitor_query() ) );
	$got     = wp_remote_request(
		$address,
		array(
			'method'              => 'POST' === $method ? 'POST' : 'GET',
			'timeout'             => ASK_SECONDS,
			'redirection'         => 0,
			'limit_response_size' => LARGEST_ANSWER + 1,
			'reject_unsafe_urls'  => ! is_own_app( $address ),
			'cookies'             => array(),
			'headers'             => visitor_headers( $method ),
			'body'                => 'POST' === $method ? $body : null,
		)
	);
	if ( is_wp_error( $got ) ) {
		set_transient( AWAY_TRANSIENT, 1, AWAY_SECONDS );
		return problem( 504 );
	}
	return checked_answer( $got );
}

/**
 * What scripts read, each time that a product is shown. While Doorstep is away these are not made to wait for it
 * one by one, or they would hold all of the shop's processes; a person's own page is always asked for.
 */
function is_data( $path ) {
	return '.json' === substr( $path, -5 );
}

/**
 * WordPress refuses private addresses and unusual ports for what others name (`reject_unsafe_urls`). Whoever
 * runs Doorstep beside the shop, in one private network, has written its address into the plugin or into
 * wp-config.php, and that very host may be asked.
 */
function is_own_app( $address ) {
	return wp_parse_url( $address, PHP_URL_HOST ) === wp_parse_url( app_address(), PHP_URL_HOST );
}

/** One byte more than we take shows that it is too much. */
function visitor_body() {
	return (string) file_get_contents( 'php://input', false, null, 0, LARGEST_BODY + 1 );
}

/** Of the address itself: some servers add to QUERY_STRING, others lose it on the way to WordPress. */
function visitor_query() {
	return isset( $_SERVER['REQUEST_URI'] ) ? sanitize_query( wp_unslash( $_SERVER['REQUEST_URI'] ) ) : '';
}

/**
 * Behind the question mark, without what no address can hold as it is. Each part is decoded and written anew
 * by signed_pairs; what is encoded may be anything, and any further cleaning would change what is asked.
 */
function sanitize_query( $address ) {
	$parts = explode( '?', is_string( $address ) ? $address : '', 2 );
	return isset( $parts[1] ) ? preg_replace( '/[\x00-\x20\x7F#]/', '', $parts[1] ) : '';
}

/** The visitor's address goes behind whatever the visitor says of it, as web servers do. */
function visitor_headers( $method ) {
	$headers = array();
	foreach ( PASSED_ON as $name => $key ) {
		$value = server_text( $key );
		if ( '' !== $value && ( 'Content-Type' !== $name || 'POST' === $method ) ) {
			$headers[ $name ] = $value;
		}
	}
	// Behind a balancer that PHP is not told of, all visitors share one address: a filter may know better.
	$address                    = (string) apply_filters( 'doorstep_visitor_address', server_text( 'REMOTE_ADDR' ) );
	$seen                       = array( server_text( 'HTTP_X_FORWARDED_FOR' ), filter_var( $address, FILTER_VALIDATE_IP ) ? $address : '' );
	$headers['X-Forwarded-For'] = implode( ', ', array_filter( $seen, 'strlen' ) );
	return $headers;
}

function server_text( $key ) {
	return isset( $_SERVER[ $key ] ) ? sanitize_text_field( wp_unslash( $_SERVER[ $key ] ) ) : '';
}

/** As an address carries it. */
function path_text( $path ) {
	$plain = array( '/', ':', '@', '!', '$', '&', '(', ')', '*', '+', ',', ';', '=' );
	return str_replace( array_map( 'rawurlencode', $plain ), $plain, rawurlencode( $path ) );
}
