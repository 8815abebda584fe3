<?php
// One of two branches is not escaped.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_name( $name, $known ) {
	echo $known ? $name : esc_html__( 'Somebody', 'doorstep' );
}
