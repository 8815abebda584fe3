<?php
// wp_verify_nonce only answers, and nobody listens.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_ajax_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	wp_verify_nonce( isset( $_REQUEST['nonce'] ) ? sanitize_key( wp_unslash( $_REQUEST['nonce'] ) ) : '', 'doorstep_leave' );
	delete_option( 'doorstep_state' );
}
