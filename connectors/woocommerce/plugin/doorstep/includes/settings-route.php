<?php
/**
 * Where Doorstep tells us what we work with: when the shop is connected, every few minutes after that (that
 * is how we know that it is there), and at once when the merchant turns a switch. It calls with the REST keys
 * that the merchant gave it, which WooCommerce checks for every namespace that begins with "wc-".
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const MOST_KEYS = 50;

add_action( 'rest_api_init', __NAMESPACE__ . '\\register_settings_route' );

function register_settings_route() {
	register_rest_route(
		'wc-doorstep/v1',
		'/settings',
		array(
			array(
				'methods'             => 'POST',
				'callback'            => __NAMESPACE__ . '\\take_settings',
				'permission_callback' => __NAMESPACE__ . '\\may_tell_settings',
				'args'                => settings_args(),
			),
			array(
				'methods'             => 'DELETE',
				'callback'            => __NAMESPACE__ . '\\take_leave',
				'permission_callback' => __NAMESPACE__ . '\\may_tell_settings',
			),
		)
	);
}

function may_tell_settings() {
	return current_user_can( 'manage_woocommerce' );
}

/** All of it, each time: half of it would be a state that nobody meant. */
function settings_args() {
	$args = array();
	foreach ( array( 'secret', 'app', 'door', 'shop', 'pages', 'mails_off', 'script', 'time', 'since' ) as $name ) {
		$args[ $name ] = array(
			'required'          => true,
			'validate_callback' => __NAMESPACE__ . '\\check_' . $name,
		);
	}
	return $args;
}

function take_settings( \WP_REST_Request $request ) {
	$before = state();
	if ( is_overtaken( $request->get_param( 'time' ), $before['told_at'] ) ) {
		return settings_answer( $before['offset'] );
	}
	$now    = time();
	$secret = $request->get_param( 'secret' );
	$known  = '' !== $before['secret'] && hash_equals( $before['secret'], $secret );
	$offset = $now - $request->get_param( 'time' );
	keep_state(
		array(
			'secret'      => $secret,
			'app'         => $request->get_param( 'app' ),
			'door'        => $request->get_param( 'door' ),
			'shop'        => $request->get_param( 'shop' ),
			'pages'       => $request->get_param( 'pages' ),
			'mails_off'   => $request->get_param( 'mails_off' ),
			'script'      => $request->get_param( 'script' ),
			'offset'      => $offset,
			'received_at' => $now,
			'since'       => $request->get_param( 'since' ),
			'told_at'     => $request->get_param( 'time' ),
			'key_ids'     => known_keys( $before['key_ids'] ),
		)
	);
	return settings_answer( $offset );
}

/**
 * What was said earlier may arrive later; what it says is no longer so. Hours earlier means that Doorstep's own
 * clock was wrong and is right again.
 */
function is_overtaken( $time, $told_at ) {
	return $time < $told_at && $told_at - $time < HOUR_IN_SECONDS;
}

function settings_answer( $offset ) {
	$answer = array(
		'connected'   => is_connected(),
		'version'     => VERSION,
		'wordpress'   => get_bloginfo( 'version' ),
		'woocommerce' => defined( 'WC_VERSION' ) ? WC_VERSION : '',
		'php'         => PHP_VERSION,
		'offset'      => $offset,
	);
	return new \WP_REST_Response( is_connected() ? $answer : $answer + array( 'home' => place( own_home() ) ) );
}

/** Every key that Doorstep has come with: the merchant may have given it new ones, and all of them are its own. */
function known_keys( array $before ) {
	$calling = calling_key_id();
	return $calling ? array_slice( array_values( array_unique( array_merge( $before, array( $calling ) ) ) ), -MOST_KEYS ) : $before;
}

/** Doorstep left: nothing of it stays, its way in included. */
function take_leave() {
	clear_traces();
	return new \WP_REST_Response( array( 'connected' => false ) );
}

/**
 * The row of the REST key that this request came with, so that it can be revoked when we leave; 0 for none.
 * Only a key of the very user whom WooCommerce let in counts.
 */
function calling_key_id() {
	global $wpdb;
	// phpcs:disable WordPress.Security.NonceVerification.Recommended -- REST keys, not a form: WooCommerce has checked them.
	$key = isset( $_GET['consumer_key'] ) ? sanitize_text_field( wp_unslash( $_GET['consumer_key'] ) ) : '';
	// phpcs:enable
	if ( '' === $key && isset( $_SERVER['PHP_AUTH_USER'] ) ) {
		$key = sanitize_text_field( wp_unslash( $_SERVER['PHP_AUTH_USER'] ) );
	}
	if ( '' === $key ) {
		return 0;
	}
	return (int) $wpdb->get_var(
		$wpdb->prepare(
			"SELECT key_id FROM {$wpdb->prefix}woocommerce_api_keys WHERE consumer_key = %s AND user_id = %d",
			wc_api_hash( $key ),
			get_current_user_id()
		)
	);
}
