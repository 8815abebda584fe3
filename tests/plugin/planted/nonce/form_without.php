<?php
// A form's handler without a nonce: any page may send it for the merchant.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), 403 );
	}
	delete_option( 'doorstep_state' );
}
