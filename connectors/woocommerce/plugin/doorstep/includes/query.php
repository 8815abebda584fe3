<?php
/**
 * The visitor's own parameters, then the five that we add and sign. A visitor can bring none of the latter.
 *
 * They are read from the raw text of the address and not from $_GET, because PHP changes names there
 * (a.b, a[]=1) and what arrives must be what was signed.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const ADDED = array( 'shop', 'logged_in_customer_id', 'path_prefix', 'timestamp', 'signature' );
// Whole letters as UTF-8 has them, or one byte that is none.
const LETTERS = '/[\x00-\x7F]+|[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}'
	. '|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}|\xF4[\x80-\x8F][\x80-\xBF]{2}|(.)/s';

/**
 * Everything that goes to Doorstep with a request.
 *
 * @param string $query What the visitor's address has behind its question mark.
 * @return array[] Name and value of each.
 */
function signed_pairs( $query ) {
	$pairs = array();
	foreach ( pairs_in( $query ) as $pair ) {
		if ( PAGE_VAR !== $pair[0] && ! in_array( $pair[0], ADDED, true ) ) {
			$pairs[] = $pair;
		}
	}
	$customer = get_current_user_id();
	$pairs[]  = array( 'shop', shop_name() );
	$pairs[]  = array( 'logged_in_customer_id', $customer ? (string) $customer : '' );
	$pairs[]  = array( 'path_prefix', pages_path() );
	$pairs[]  = array( 'timestamp', (string) their_time() );
	$pairs[]  = array( 'signature', pairs_signature( $pairs ) );
	return $pairs;
}

/** Names in order, the values of one name joined by commas, nothing in between. */
function pairs_signature( array $pairs ) {
	$values = array();
	foreach ( $pairs as $pair ) {
		$values[ $pair[0] ][] = $pair[1];
	}
	ksort( $values, SORT_STRING );
	$text = '';
	foreach ( $values as $name => $several ) {
		$text .= $name . '=' . implode( ',', $several );
	}
	return signed( FOR_PROXY, $text );
}

/** Nothing stands between names and values in what is signed, so a name is one line. */
function has_plain_names( $query ) {
	return ! preg_grep( '/[\x00-\x1F\x7F]/', array_column( pairs_in( $query ), 0 ) );
}

/** @return array[] Name and value of each pair, in the order of the text. */
function pairs_in( $query ) {
	$pairs = array();
	foreach ( explode( '&', $query ) as $piece ) {
		if ( '' === $piece ) {
			continue;
		}
		$two  = explode( '=', $piece, 2 );
		$pair = array( whole_letters( urldecode( $two[0] ) ), isset( $two[1] ) ? whole_letters( urldecode( $two[1] ) ) : '' );
		if ( PAGE_VAR === $pair[0] && isset( $two[1] ) && false !== strpos( $two[1], '?' ) ) {
			// Behind a path of the form ?doorstep_page=/track?number=1: the parameters of that path.
			$pairs = array_merge( $pairs, pairs_in( substr( $two[1], strpos( $two[1], '?' ) + 1 ) ) );
		}
		$pairs[] = $pair;
	}
	return $pairs;
}

/** As an address carries them. */
function query_text( array $pairs ) {
	$pieces = array();
	foreach ( $pairs as $pair ) {
		$pieces[] = str_replace( '%7E', '~', urlencode( $pair[0] ) . '=' . urlencode( $pair[1] ) );
	}
	return implode( '&', $pieces );
}

/** Bytes that are no UTF-8 stay as they came, in their written form (%FF): both sides then read the same text. */
function whole_letters( $bytes ) {
	return preg_replace_callback(
		LETTERS,
		static function ( $found ) {
			return isset( $found[1] ) ? rawurlencode( $found[1] ) : $found[0];
		},
		$bytes
	);
}
