<?php
// A form's data read on any page.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'init', __NAMESPACE__ . '\\keep_choice' );

function keep_choice() {
	if ( isset( $_POST['doorstep_script'] ) ) {
		update_option( 'doorstep_script', absint( $_POST['doorstep_script'] ) );
	}
}
