<?php
/**
 * Doorstep's own pages inside the back office: a frame, and the short-lived tokens that tell it who is looking.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const TOKEN_ACTION = 'doorstep_token';

add_action( 'wp_ajax_' . TOKEN_ACTION, __NAMESPACE__ . '\\give_token' );

/** Printed inside the page of the menu; `&path=` names the page of Doorstep that is opened. */
function show_frame() {
	$path  = frame_path();
	$token = array( 'id_token' => page_token( wp_get_current_user() ) );
	$ask   = add_query_arg(
		array(
			'action' => TOKEN_ACTION,
			'nonce'  => wp_create_nonce( TOKEN_ACTION ),
		),
		admin_url( 'admin-ajax.php', 'relative' )
	);
	printf(
		'<iframe class="doorstep-frame" title="%1$s" src="%2$s" data-origin="%3$s" data-token="%4$s" data-home="%5$s"></iframe>',
		esc_attr__( 'Doorstep', 'doorstep' ),
		esc_url( connected_app() . '/woocommerce/app' . ( '/' === $path ? '' : $path ) . '?' . http_build_query( $token ) ),
		esc_attr( connected_app() ),
		esc_attr( $ask ),
		esc_attr( admin_url( 'admin.php?page=' . PAGE_SLUG, 'relative' ) )
	);
}

/** Letters, digits, lines and slashes; anything else is the first page. */
function frame_path() {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- which page is shown; nothing is changed.
	$path = isset( $_GET['path'] ) ? sanitize_text_field( wp_unslash( $_GET['path'] ) ) : '/';
	return fits( '#\A/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?\z#', $path ) ? $path : '/';
}

/** Each request of the frame's page needs a token of this minute. */
function give_token() {
	nocache_headers();
	if ( ! current_user_can( 'manage_woocommerce' ) || ! check_ajax_referer( TOKEN_ACTION, 'nonce', false ) ) {
		wp_send_json( array( 'error' => 'not for you' ), 403 );
	}
	if ( ! is_connected() ) {
		wp_send_json( array( 'error' => 'not connected' ), 409 );
	}
	wp_send_json( array( 'token' => page_token( wp_get_current_user() ) ) );
}
