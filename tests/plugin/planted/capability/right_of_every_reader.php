<?php
// The right is one that every customer has.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_ajax_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	if ( ! current_user_can( 'read' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	check_ajax_referer( 'doorstep_leave' );
	delete_option( 'doorstep_state' );
}
