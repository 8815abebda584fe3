<?php
/**
 * What a setting may be. Anything else is answered with 400, and nothing of it is kept.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const MOST_MAILS = 50;
// A home address without its scheme, in a folder or not.
const SHOP_NAME  = '#\A[a-z0-9][a-z0-9.-]{0,252}(?:/[A-Za-z0-9_~][A-Za-z0-9._~-]{0,99}){0,8}\z#';

function check_secret( $value ) {
	return fits( '/\A[0-9a-f]{64}\z/', $value );
}

/**
 * The Doorstep that this plugin was made for, or the one that already knows our secret: other keys to the
 * shop must not be able to put another server behind its pages.
 */
function check_app( $value, \WP_REST_Request $request ) {
	if ( ! is_string( $value ) || ! is_origin( $value ) ) {
		return false;
	}
	$secret = state()['secret'];
	$given  = $request->get_param( 'secret' );
	$known  = '' !== $secret && is_string( $given ) && hash_equals( $secret, $given );
	if ( app_address() === $value || ( $known && 0 === strpos( $value, 'https://' ) ) ) {
		return true;
	}
	/* translators: %s: an address */
	return new \WP_Error( 'rest_invalid_param', sprintf( __( 'This plugin was made for %s.', 'doorstep' ), app_address() ) );
}

function check_door( $value, \WP_REST_Request $request ) {
	$app = $request->get_param( 'app' );
	return is_string( $app ) && fits( '#\A' . preg_quote( $app, '#' ) . '/woocommerce/plugin/[A-Za-z0-9_-]{8,128}\z#', $value );
}

function check_shop( $value ) {
	return fits( SHOP_NAME, $value );
}

function check_pages( $value ) {
	return fits( '#\A(?:/[A-Za-z0-9_-]{1,40}){1,4}\z#', $value );
}

/** Names that this version does not know are kept and mean nothing: a newer Doorstep may say more. */
function check_mails_off( $value ) {
	if ( ! is_array( $value ) || array_values( $value ) !== $value || count( $value ) > MOST_MAILS ) {
		return false;
	}
	foreach ( $value as $id ) {
		if ( ! fits( '/\A[a-z0-9_]{1,64}\z/', $id ) ) {
			return false;
		}
	}
	return true;
}

function check_script( $value ) {
	return is_bool( $value );
}

/** Unix seconds of this century. */
function check_time( $value ) {
	return is_int( $value ) && $value > 1600000000 && $value < 4102444800;
}

/** From when on Doorstep writes about orders, as the shop's clock dates them: it compares the same two times. */
function check_since( $value ) {
	return is_int( $value ) && $value >= 0 && $value < 4102444800;
}

function fits( $pattern, $value ) {
	return is_string( $value ) && 1 === preg_match( $pattern, $value );
}

/** Scheme, host and perhaps a port; nothing after it. */
function is_origin( $address ) {
	return fits( '#\Ahttps?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?\z#', $address );
}
