<?php
// The guard stands behind what it should guard.

namespace Doorstep;

add_action( 'init', __NAMESPACE__ . '\\begin' );

defined( 'ABSPATH' ) || exit;

function begin() {
	delete_option( 'doorstep_state' );
}
