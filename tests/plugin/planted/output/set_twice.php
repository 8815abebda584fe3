<?php
// Escaped at first, then set anew.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_name( $user ) {
	$name = esc_html( $user->display_name );
	$name = $user->display_name;
	echo $name;
}
