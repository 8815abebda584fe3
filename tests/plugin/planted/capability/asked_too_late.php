<?php
// The right is asked for when it is done.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_ajax_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	check_ajax_referer( 'doorstep_leave' );
	delete_option( 'doorstep_state' );
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
}
