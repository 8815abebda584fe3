<?php
/** Where things are. */

function wordpress_home() {
	return rtrim( getenv( 'WORDPRESS_HOME' ) ?: 'https://shop.example', '/' );
}

function home_url( $path = '', $scheme = null ) {
	return apply_filters( 'home_url', wordpress_home() . ( '' === $path ? '' : '/' . ltrim( $path, '/' ) ), $path, $scheme, null );
}

function get_home_url( $blog = null, $path = '' ) {
	return home_url( $path );
}

/** WORDPRESS_SITE, where WordPress itself lives elsewhere than the shop's front page. */
function site_url( $path = '' ) {
	$site = rtrim( getenv( 'WORDPRESS_SITE' ) ?: wordpress_home(), '/' );
	return $site . ( '' === $path ? '' : '/' . ltrim( $path, '/' ) );
}

function admin_url( $path = '', $scheme = 'admin' ) {
	$address = site_url( 'wp-admin/' . ltrim( $path, '/' ) );
	return 'relative' === $scheme ? substr( $address, strlen( origin_of( $address ) ) ) : $address;
}

function rest_url( $path = '' ) {
	return home_url( 'wp-json/' . ltrim( $path, '/' ) );
}

function plugin_basename( $file ) {
	return 'doorstep' . substr( realpath( $file ), strlen( realpath( WORDPRESS_PLUGIN ) ) );
}

function plugin_dir_path( $file ) {
	return dirname( $file ) . '/';
}

function plugin_dir_url( $file ) {
	return site_url( 'wp-content/plugins/doorstep/' );
}

function plugins_url( $path = '', $file = '' ) {
	return site_url( 'wp-content/plugins/doorstep/' . ltrim( $path, '/' ) );
}

function trailingslashit( $text ) {
	return untrailingslashit( $text ) . '/';
}

function untrailingslashit( $text ) {
	return rtrim( $text, '/\\' );
}

function user_trailingslashit( $text, $type = '' ) {
	return '/' === substr( (string) get_option( 'permalink_structure' ), -1 ) ? trailingslashit( $text ) : untrailingslashit( $text );
}

function wp_parse_url( $url, $part = -1 ) {
	return parse_url( $url, $part );
}

function wp_parse_str( $text, &$result ) {
	parse_str( $text, $result );
}

/** add_query_arg( name, value, url ) or ( values, url ). Values are not encoded, as in WordPress. */
function add_query_arg( ...$given ) {
	list( $new, $url ) = is_array( $given[0] ) ? array( $given[0], $given[1] ?? $_SERVER['REQUEST_URI'] ?? '' ) : array( array( $given[0] => $given[1] ), $given[2] ?? $_SERVER['REQUEST_URI'] ?? '' );
	$parts             = explode( '#', $url, 2 );
	$asked             = explode( '?', $parts[0], 2 );
	parse_str( $asked[1] ?? '', $values );
	$values = array_map_deep( $values, 'urlencode' );
	foreach ( $new as $name => $value ) {
		$values[ $name ] = $value;
	}
	$pairs = array();
	foreach ( array_filter( $values, static fn( $value ) => false !== $value && null !== $value ) as $name => $value ) {
		$pairs[] = is_array( $value ) ? http_build_query( array( $name => $value ) ) : ( '' === $value ? $name : "$name=$value" );
	}
	return $asked[0] . ( $pairs ? '?' . implode( '&', $pairs ) : '' ) . ( isset( $parts[1] ) ? "#$parts[1]" : '' );
}

function array_map_deep( array $values, callable $change ) {
	return array_map( static fn( $value ) => is_array( $value ) ? array_map_deep( $value, $change ) : $change( $value ), $values );
}

function remove_query_arg( $names, $url = false ) {
	$gone = array_fill_keys( (array) $names, false );
	return add_query_arg( $gone, false === $url ? ( $_SERVER['REQUEST_URI'] ?? '' ) : $url );
}

function wp_unique_id( $prefix = '' ) {
	static $last = 0;
	return $prefix . ( ++$last );
}

function is_ssl() {
	return 'on' === ( $_SERVER['HTTPS'] ?? '' );
}
