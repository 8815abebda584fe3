<?php
// A door for people who are not logged in.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_ajax_nopriv_doorstep_token', __NAMESPACE__ . '\\fresh_token' );

function fresh_token() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	check_ajax_referer( 'doorstep_token' );
	wp_send_json( array( 'token' => 'x' ) );
}
