<?php
// check_ajax_referer is told not to end the request.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_ajax_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	check_ajax_referer( 'doorstep_leave', 'nonce', false );
	delete_option( 'doorstep_state' );
}
