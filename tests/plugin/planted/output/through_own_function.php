<?php
// What a function of ours gives back is not escaped.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function name_of( $user ) {
	return $user->display_name;
}

function show_name( $user ) {
	echo name_of( $user );
}
