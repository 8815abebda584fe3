<?php
/**
 * Signatures: SHA-256, by a key for each purpose that is made of the secret. Whoever does not know it can
 * neither speak for this shop nor guess an order's link, and what was signed for one purpose is worth nothing
 * for another.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const TOKEN_SECONDS = 60;
const PROOF_LENGTH  = 32;

const FOR_MESSAGES = 'message';
const FOR_PROXY    = 'proxy';
const FOR_ORDERS   = 'order';
const FOR_PAGES    = 'page';

function key_for( $purpose ) {
	return hash_hmac( 'sha256', $purpose, state()['secret'] );
}

function signed( $purpose, $text ) {
	return hash_hmac( 'sha256', $text, key_for( $purpose ) );
}

/** Of a message that we send: what it is about, when, and every byte of it. */
function message_signature( $action, $time, $body ) {
	return signed( FOR_MESSAGES, $action . "\n" . $time . "\n" . $body );
}

/** Stands in an order's link, so that nobody finds other orders by counting. */
function order_proof( $order_id ) {
	return substr( signed( FOR_ORDERS, (string) $order_id ), 0, PROOF_LENGTH );
}

/** Tells the page in the frame who is looking, for a minute: a JSON Web Token, HS256. */
function page_token( \WP_User $user ) {
	$now    = their_time();
	$origin = 'https://' . shop_name();
	$claims = array(
		'iss'  => $origin,
		'dest' => $origin,
		'aud'  => 'doorstep',
		'sub'  => (string) $user->ID,
		'name' => (string) $user->display_name,
		'nbf'  => $now,
		'iat'  => $now,
		'exp'  => $now + TOKEN_SECONDS,
	);
	$head   = array(
		'alg' => 'HS256',
		'typ' => 'JWT',
	);
	$text   = token_part( wp_json_encode( $head ) ) . '.' . token_part( wp_json_encode( $claims ) );
	return $text . '.' . token_part( hash_hmac( 'sha256', $text, key_for( FOR_PAGES ), true ) );
}

/** Base64 as tokens have it: fit for an address. */
function token_part( $bytes ) {
	// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- the format of the token.
	return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
}
