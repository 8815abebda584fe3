<?php
// An option is printed as it is.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_shop() {
	echo get_option( 'doorstep_shop' );
}
