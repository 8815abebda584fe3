<?php
// A switch in the address, read with every page of the back office.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_init', __NAMESPACE__ . '\\switch_off' );

function switch_off() {
	if ( ! isset( $_GET['doorstep_off'] ) || ! current_user_can( 'manage_woocommerce' ) ) {
		return;
	}
	delete_option( 'doorstep_state' );
}
