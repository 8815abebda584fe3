<?php
// wp_die prints what it is given.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function refuse( $why ) {
	wp_die( $why );
}
