<?php
// Objects out of an option.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function read() {
	return unserialize( get_option( 'doorstep_kept' ) );
}
