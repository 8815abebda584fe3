<?php
// A form's handler that any customer may send.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_doorstep_leave', __NAMESPACE__ . '\\leave' );

function leave() {
	check_admin_referer( 'doorstep_leave' );
	delete_option( 'doorstep_state' );
}
