<?php
/**
 * Where this shop is, and whether that is where Doorstep knows it. A copy of a shop, for trying things out,
 * carries the shop's secret: it must not speak in the shop's name.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/** What a plugin for languages may put behind the home address: /de, /pt-br. */
const LANGUAGE_FOLDER = '#/[a-z]{2}(?:-[a-z]{2,4})?\z#';

/** The home address as WordPress keeps it: home_url() is another in every language. */
function own_home() {
	return (string) get_option( 'home' );
}

/** Nothing is said in the name of a shop that is somewhere else. */
function is_at_home() {
	return is_same_place( own_home(), shop_name() );
}

/** Whether two addresses lead to one shop; a folder that may be a language counts for neither. */
function is_same_place( $one, $other ) {
	$one   = place( $one );
	$other = place( $other );
	return '' !== $one && ( $one === $other
		|| preg_replace( LANGUAGE_FOLDER, '', $one ) === $other
		|| $one === preg_replace( LANGUAGE_FOLDER, '', $other ) );
}

/** "https://www.Shop.example/Store/" and "shop.example/store" are one place; "" for what is none. */
function place( $address ) {
	$address = preg_replace( '#\Ahttps?://#i', '', trim( $address ) );
	$parts   = wp_parse_url( 'https://' . $address );
	if ( ! is_array( $parts ) || empty( $parts['host'] ) ) {
		return '';
	}
	$host = preg_replace( '/\Awww\./', '', host_in_ascii( strtolower( $parts['host'] ) ) );
	$port = isset( $parts['port'] ) && ! in_array( $parts['port'], array( 80, 443 ), true ) ? ':' . $parts['port'] : '';
	return $host . $port . strtolower( rtrim( isset( $parts['path'] ) ? $parts['path'] : '', '/' ) );
}

/** Names with letters of any script, as Doorstep keeps them. Without PHP's own means for it they stay. */
function host_in_ascii( $host ) {
	$ascii = function_exists( 'idn_to_ascii' ) && preg_match( '/[^\x00-\x7F]/', $host ) ? idn_to_ascii( $host ) : $host;
	return is_string( $ascii ) ? $ascii : $host;
}
