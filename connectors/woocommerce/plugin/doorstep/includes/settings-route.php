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
	foreach ( array( 'secret', 'app', 'door', 'shop', 'pages', 'mails_off', 'script', 'time' ) as $name ) {
		$args[ $name ] = array(
			'required'          => true,
			'validate_callback' => __NAMESPACE__ . '\\check_' . $name,
		);
	}
	return $args;
}

function take_settings( \WP_REST_Request $request ) {
	$before = state();
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
			'since'       => $known && $before['since'] ? $before['since'] : $now,
			'key_id'      => calling_key_id() ?: ( $known ? $before['key_id'] : 0 ),
		)
	);
	return new \WP_REST_Response(
		array(
			'connected'   => true,
			'version'     => VERSION,
			'wordpress'   => get_bloginfo( 'version' ),
			'woocommerce' => defined( 'WC_VERSION' ) ? WC_VERSION : '',
			'php'         => PHP_VERSION,
			'offset'      => $offset,
		)
	);
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
