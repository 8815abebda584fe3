<?php
// The function comes out of an option.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function run() {
	$name = get_option( 'doorstep_callback' );
	$name();
}
