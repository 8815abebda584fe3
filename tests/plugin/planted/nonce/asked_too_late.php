<?php
// The nonce is asked for when it is done.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	forget();
	check_admin_referer( 'doorstep_leave' );
}

function forget() {
	delete_option( 'doorstep_state' );
}
