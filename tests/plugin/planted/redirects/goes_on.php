<?php
// The page goes on behind its redirect.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function go_home() {
	wp_safe_redirect( admin_url() );
	delete_option( 'doorstep_state' );
}
