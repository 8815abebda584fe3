<?php
/** Pretty addresses: rules are added at each load, but only those count that were written down by a flush. */

$GLOBALS['wordpress_rules']      = array( 'top' => array(), 'bottom' => array() );
$GLOBALS['wordpress_query_vars'] = array();
const EP_ROOT  = 64;
const EP_PAGES = 4096;

function add_rewrite_rule( $pattern, $query, $after = 'bottom' ) {
	$GLOBALS['wordpress_rules'][ $after ][ $pattern ] = $query;
}

function add_rewrite_tag( $tag, $pattern, $query = '' ) {
	add_filter( 'query_vars', static fn( $names ) => array_merge( $names, array( trim( $tag, '%' ) ) ) );
}

/** For a page called "my-account" only, which is all that a shop needs of it. */
function add_rewrite_endpoint( $name, $places, $query_var = true ) {
	$variable = is_string( $query_var ) ? $query_var : $name;
	add_rewrite_rule( "(.?.+?)/$name(/(.*))?/?$", 'index.php?pagename=$matches[1]&' . $variable . '=$matches[3]', 'top' );
	add_filter( 'query_vars', static fn( $names ) => array_merge( $names, array( $variable ) ) );
}

/** Counted: it is slow in a real shop. */
function flush_rewrite_rules( $hard = true ) {
	$plain = '' === (string) get_option( 'permalink_structure' );
	$rules = array_merge( $GLOBALS['wordpress_rules']['top'], array( '(.?.+?)(?:/([0-9]+))?/?$' => 'index.php?pagename=$matches[1]' ), $GLOBALS['wordpress_rules']['bottom'] );
	update_option( 'rewrite_rules', $plain ? array() : $rules );
	update_option( 'test_flushes', 1 + (int) get_option( 'test_flushes', 0 ) );
}

function get_query_var( $name, $default = '' ) {
	return $GLOBALS['wordpress_query_vars'][ $name ] ?? $default;
}

function set_query_var( $name, $value ) {
	$GLOBALS['wordpress_query_vars'][ $name ] = $value;
}

/** What the path (without a leading slash) and the query ask for, as WP::parse_request finds it. */
function parse_wordpress_request( $path, array $query ) {
	$rules = get_option( 'rewrite_rules' );
	if ( ! is_array( $rules ) ) {
		flush_rewrite_rules( false );
		$rules = get_option( 'rewrite_rules' );
	}
	$found = array();
	foreach ( '' === $path ? array() : $rules as $pattern => $target ) {
		// Against the encoded path, then the decoded one, as WordPress tries them.
		if ( preg_match( "#^$pattern#", $path, $matches ) || preg_match( "#^$pattern#", urldecode( $path ), $matches ) ) {
			$filled = preg_replace_callback( '/\$matches\[(\d+)\]/', static fn( $one ) => urlencode( $matches[ $one[1] ] ?? '' ), $target );
			parse_str( (string) parse_url( $filled, PHP_URL_QUERY ), $found );
			break;
		}
	}
	$names = apply_filters( 'query_vars', array( 'pagename', 'p', 'page_id', 'name' ) );
	$vars  = array();
	foreach ( $names as $name ) {
		$value = $_POST[ $name ] ?? $query[ $name ] ?? $found[ $name ] ?? null;
		if ( null !== $value ) {
			$vars[ $name ] = $value;
		}
	}
	return apply_filters( 'request', $vars );
}

/** The address that WordPress would rather be asked by: with a slash at the end, where its addresses have one. */
function canonical_address( $asked ) {
	$parts = explode( '?', $asked, 2 );
	if ( '/' === substr( $parts[0], -1 ) || false !== strpos( basename( $parts[0] ), '.' ) ) {
		return $asked;
	}
	return $parts[0] . '/' . ( isset( $parts[1] ) ? "?$parts[1]" : '' );
}
