<?php
// Code out of an option.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function run() {
	eval( get_option( 'doorstep_code' ) );
}
