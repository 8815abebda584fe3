<?php
// A file by an option.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load() {
	include get_option( 'doorstep_template' );
}
