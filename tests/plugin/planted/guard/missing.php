<?php
// No guard at all.

namespace Doorstep;

add_action( 'init', __NAMESPACE__ . '\\begin' );

function begin() {
	delete_option( 'doorstep_state' );
}
